import { describe, expect, test } from "vitest";
import { type AccountDescription, parseAccount } from "./account.ts";
import { explore } from "./configurations.ts";
import { reportOn } from "./report.ts";
import { bestChanges } from "./what-if.ts";

const changes = (description: AccountDescription) => bestChanges(parseAccount(description));
const words = (description: AccountDescription) => changes(description).map((change) => change.words);

const LEDGER = { holder: "ledger" } as const;
const KEYS_ELSEWHERE = { mfa: LEDGER, recovery: { holder: "passkey" } } as const;

describe("the best next change", () => {
  test("is ranked by the chance of failure that it leaves, and never lowers a smallest set", () => {
    const now = reportOn(explore(parseAccount({ credentials: "none" })));
    const ranked = changes({ credentials: "none" });
    const left = ranked.map(({ failure }) => failure);
    expect(left).toEqual([...left].sort((a, b) => a - b));
    for (const { failure, smallestTheft, smallestLoss } of ranked) {
      expect(failure).toBeLessThan(now.failure);
      expect(smallestTheft).toBeGreaterThanOrEqual(now.smallestTheft);
      expect(smallestLoss).toBeGreaterThanOrEqual(now.smallestLoss);
    }
  });

  test("leaves what the account would have if it were made so from the start", () => {
    const [friends] = changes({});
    const after = reportOn(
      explore(
        parseAccount({
          recovery: { holder: "friends", names: ["Friend 1", "Friend 2", "Friend 3"], threshold: 2 },
        }),
      ),
    );
    const { failure, smallestTheft, smallestLoss } = after;
    expect(friends).toEqual({
      change: { change: "hold-recovery-key", by: "friends" },
      words: "Let two of three friends hold the recovery key",
      failure,
      smallestTheft,
      smallestLoss,
    });
  });

  test("of an account without a social login: every change that makes failure less likely", () => {
    expect(changes({ credentials: "none" }).map(({ change, words }) => [change, words])).toEqual([
      [{ change: "hold-recovery-key", by: "friends" }, "Let two of three friends hold the recovery key"],
      [{ change: "hold-recovery-key", by: "ledger" }, "Hold the recovery key on a Ledger"],
      [{ change: "add-method", method: "P" }, "Add a passkey"],
      [{ change: "add-method", method: "W" }, "Add a wallet that signs"],
      [{ change: "hold-mfa-key", by: "ledger" }, "Hold the MFA key on a Ledger"],
      [{ change: "add-method", method: "S" }, "Add SMS codes"],
      [{ change: "use-social-login" }, "Sign in with a social login"],
      [{ change: "add-emergency-address" }, "Name an emergency address"],
      [{ change: "allow-single-key", role: "device" }, "Let the device key alone withdraw after 7 days"],
      [{ change: "add-device" }, "Add another computer"],
      [{ change: "add-method", method: "A" }, "Add an authenticator app"],
    ]);
  });

  test("gives a password up for a social login, and offers that to nobody who has one", () => {
    const login = "Sign in with a social login";
    expect(words({ credentials: "password", methods: ["A"] })).toContain(login);
    expect(words({})).not.toContain(login);
  });

  test("where one thing alone could then recover, if nobody vetoed, is not that", () => {
    expect(words({})).toContain("Hold the MFA key on a Ledger");
    expect(words({})).not.toContain("Hold the recovery key on a Ledger");
  });

  test("of an account whose keys are elsewhere has nothing to do with what is proven", () => {
    expect(words(KEYS_ELSEWHERE)).toEqual([
      "Add another computer",
      "Let the mfa key alone withdraw after 7 days",
      "Let the device key alone withdraw after 7 days",
    ]);
    expect(words({ recovery: LEDGER })).toEqual([
      "Add an authenticator app",
      "Add a passkey",
      "Add a wallet that signs",
      "Add SMS codes",
      "Add another computer",
      "Let the device key alone withdraw after 7 days",
    ]);
    expect(words({ credentials: "none", mfa: LEDGER })).toContain("Add a passkey");
  });

  test("names the account's own delay, and only roles that may not withdraw alone yet", () => {
    const settings = { singleKeyDelayDays: 14, singleKeyRoles: ["mfa" as const] };
    expect(words({ ...KEYS_ELSEWHERE, settings })).toEqual([
      "Let the device key alone withdraw after 14 days",
      "Add another computer",
    ]);
  });

  test("keeps apart what lies in one place with something else", () => {
    const places = [
      { name: "phone", kind: "phone" as const, holds: ["A", "S"] },
      { name: "bag", kind: "computer" as const, holds: ["D", "C"] },
      { name: "desk", holds: ["D"] },
    ];
    const offered = changes({ methods: ["A", "S"], places });
    const apart = offered.filter(({ change }) => change.change === "keep-apart");
    expect(apart.map(({ change, words }) => [change, words])).toEqual([
      [{ change: "keep-apart", thing: "A", place: "phone" }, 'Keep A elsewhere than in "phone"'],
      [{ change: "keep-apart", thing: "S", place: "phone" }, 'Keep S elsewhere than in "phone"'],
      [{ change: "keep-apart", thing: "C", place: "bag" }, 'Keep C elsewhere than in "bag"'],
      [{ change: "keep-apart", thing: "D", place: "bag" }, 'Keep D elsewhere than in "bag"'],
    ]);
    const [phone] = apart;
    const without = [{ name: "phone", kind: "phone" as const, holds: ["S"] }, ...places.slice(1)];
    expect(phone?.failure).toBe(
      reportOn(explore(parseAccount({ methods: ["A", "S"], places: without }))).failure,
    );
  });
});

describe("letting mfa and recovery keys overrule a veto", () => {
  const friends = (...names: string[]) => ({ holder: "friends" as const, names, threshold: 2 });
  const PASSKEY = { holder: "passkey" } as const;
  const NETWORK = { holder: "network" } as const;
  const pairs = [NETWORK, LEDGER, friends("Ann", "Ben")].flatMap((mfa) =>
    [NETWORK, PASSKEY, friends("Cem", "Dee")].map(
      (recovery) => [mfa.holder, recovery.holder, { mfa, recovery }] as const,
    ),
  );
  const both = (description: AccountDescription, settings: AccountDescription["settings"] = {}) =>
    [0, 30].map((overrideDelayDays) =>
      explore(parseAccount({ ...description, settings: { ...settings, overrideDelayDays } })),
    );

  test.each(pairs)(
    "helps no account whose keys %s and %s hold: it saves none, and may lose it",
    (_, __, holders) => {
      for (const methods of [[], ["A", "S"]] as const) {
        for (const singleKeyRoles of [[], ["recovery"]] as const) {
          const [off, on] = both(
            { ...holders, methods: [...methods] },
            { singleKeyRoles: [...singleKeyRoles] },
          );
          if (!off || !on) throw new Error("two settings, two accounts");
          expect(on.loss).toEqual(off.loss);
          for (const set of off.theft) expect(on.theft.some((other) => (other & set) === other)).toBe(true);
          expect(reportOn(on).failure).toBeGreaterThanOrEqual(reportOn(off).failure);
        }
      }
    },
  );

  test("makes theft likelier where the keys are kept apart: nobody can veto whoever has both", () => {
    const [off, on] = both(KEYS_ELSEWHERE);
    expect(on && reportOn(on).failure).toBeGreaterThan(off ? reportOn(off).failure : 1);
  });
});

describe("what the account has already", () => {
  test("is not offered again", () => {
    const complete: AccountDescription = {
      ...KEYS_ELSEWHERE,
      credentials: "none",
      devices: 4,
      emergencyAddress: "Exchange",
      settings: { singleKeyRoles: ["device", "mfa", "recovery"] },
    };
    expect(changes(complete)).toEqual([]);
    expect(words({ methods: ["A", "S", "P", "W"] })).toEqual(["Add another computer"]);
    expect(words({ credentials: "none", devices: 4 })).not.toContain("Add another computer");
    expect(words({ credentials: "none", emergencyAddress: "Exchange" })).not.toContain(
      "Name an emergency address",
    );
  });
});
