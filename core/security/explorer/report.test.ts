import { describe, expect, test } from "vitest";
import { type AccountDescription, parseAccount } from "./account.ts";
import { OTHER_CHANCES, REFERENCE_CHANCES } from "./chances.ts";
import { explore, nameOf, networkAccount } from "./configurations.ts";
import { modelOf } from "./model.ts";
import { describeStep, stepsTo, wordsFor } from "./paths.ts";
import { chancesOf, reportOn } from "./report.ts";
import { bestChanges } from "./what-if.ts";

const report = (description: AccountDescription) => reportOn(explore(parseAccount(description)));

describe("a report", () => {
  test("says for the simplest account who could take it and what would lock its owner out", () => {
    const { failures, failure, ...found } = report({});
    expect(found).toMatchObject({
      methods: [],
      level: 0,
      theft: [
        ["D", "C"],
        ["D", "E"],
        ["C", "E"],
      ],
      loss: [
        ["D", "C"],
        ["D", "E"],
        ["C", "E"],
      ],
      smallestTheft: 2,
      smallestLoss: 2,
      lossReasons: {
        "D+C":
          "Without the unlocked computer or the social login, no device key is left, and no recovery key signs for a new one: the gate would still ask for social login.",
        "C+E":
          "Without the social login or the email code, a device key is left, but no MFA key signs: the gate would still ask for social login, or email code.",
      },
    });
    expect(found.theftPaths["D+C"]).toEqual({
      days: 0,
      steps: [
        "Sign in with the social login.",
        "Withdraw everything with an active device key and the MFA key, for which the gate takes the social login; at once.",
      ],
    });
    expect(Object.keys(found.theftPaths)).toEqual(["D+C", "D+E", "C+E"]);
    expect(failure).toBe(failures.failure);
    expect(failure).toBeGreaterThan(failures.theft);
    expect(failure).toBeLessThan(failures.theft + failures.loss);
  });

  test("says how many friends are missing", () => {
    const friends = { holder: "friends", names: ["Ann", "Ben", "Cem"], threshold: 2 } as const;
    const { lossReasons } = report({
      mfa: { holder: "ledger" },
      recovery: { ...friends, names: [...friends.names] },
    });
    expect(lossReasons["D+Ann+Ben"]).toBe(
      'Without the unlocked computer, "Ann" or "Ben", no device key is left, and no recovery key signs for a new one: it takes 2 of 3, and 1 of them are there.',
    );
    expect(lossReasons["Ledger+Ann+Ben"]).toBe(
      'Without "Ledger", "Ann" or "Ben", a device key is left, but no MFA key signs: it takes 1 of 1, and 0 of them are there.',
    );
  });

  test("says when no proof would help", () => {
    const { lossReasons } = report({ profile: "published", credentials: "none" });
    expect(Object.values(lossReasons).length).toBeGreaterThan(0);
    expect(Object.values(lossReasons)[0]).toMatch(/no further proof would make the gate agree\.$/);
  });

  test("takes chances from the account, the letter or what holds keys", () => {
    const own = { lost: 0.5, leaked: 0, stolen: 0 };
    const account = parseAccount({ devices: 2, mfa: { holder: "ledger" }, chances: { C: own } });
    expect(chancesOf(account, "C")).toEqual(own);
    expect(chancesOf(account, "D2")).toEqual(REFERENCE_CHANCES.D);
    expect(chancesOf(account, "E")).toEqual(REFERENCE_CHANCES.E);
    expect(chancesOf(account, "Ledger")).toEqual(OTHER_CHANCES);
    expect(report({ chances: { E: own } }).failure).toBeGreaterThan(report({}).failure);
  });

  test("counts what happens to a whole place", () => {
    const places = [{ name: "phone", kind: "phone" as const, holds: ["A", "E"] }];
    expect(report({ methods: ["A"], places }).failure).toBeGreaterThan(report({ methods: ["A"] }).failure);
  });
});

describe("words", () => {
  test("name every thing for this account", () => {
    const model = modelOf(parseAccount({ devices: 2, credentials: "password", mfa: { holder: "ledger" } }));
    expect(["D", "D2", "C", "E", "Ledger"].map((thing) => wordsFor(model, thing))).toEqual([
      "the unlocked computer",
      "the unlocked computer D2",
      "the password",
      "the email code",
      '"Ledger"',
    ]);
    expect(wordsFor(modelOf(parseAccount({})), "C")).toBe("the social login");
  });

  test("tell every kind of step", () => {
    const model = modelOf(parseAccount({ settings: { overrideDelayDays: 30 } }));
    expect(describeStep(model, { do: "hold", thing: "E" })).toBe("Have the email code.");
    expect(
      describeStep(model, {
        do: "operate",
        kind: "addDeviceKey",
        wait: "override",
        signings: [
          { role: "mfa", by: "own", with: [] },
          { role: "recovery", by: "own", with: [] },
        ],
      }),
    ).toBe(
      "Add a device key of their own with the MFA key that is their own by now and the recovery key that is their own by now; it takes effect after 30 days, and no veto stops it meanwhile.",
    );
    expect(describeStep(model, { do: "reset-password", proofs: ["E"], device: false, gives: "C" })).toBe(
      "Reset the password with the email code.",
    );
    expect(describeStep(model, { do: "change-email", proofs: ["A"], device: false, gives: "E" })).toBe(
      "Replace the email address by one of their own, with the authenticator app.",
    );
  });

  test("there is no way to what was not reached", () => {
    expect(stepsTo(new Map())).toEqual([]);
  });

  test("configurations are named by their methods", () => {
    expect(nameOf(networkAccount("default", []))).toBe("no method");
    expect(nameOf(networkAccount("default", ["W", "A"]))).toBe("A+W");
    expect(nameOf(networkAccount("default", ["A"], "none"))).toBe("A, no social login");
  });
});

describe("the best next change", () => {
  const names = (description: AccountDescription) =>
    bestChanges(parseAccount(description)).map(({ change, words }) => [change.change, words] as const);

  test("is ranked by the chance of failure that it leaves, and never lowers a smallest set", () => {
    const account = parseAccount({ credentials: "none" });
    const now = report({ credentials: "none" });
    const changes = bestChanges(account);
    expect(changes.length).toBeGreaterThan(3);
    const left = changes.map(({ failure }) => failure);
    expect(left).toEqual([...left].sort((a, b) => a - b));
    for (const { failure, smallestTheft, smallestLoss } of changes) {
      expect(failure).toBeLessThan(now.failure);
      expect(smallestTheft).toBeGreaterThanOrEqual(now.smallestTheft);
      expect(smallestLoss).toBeGreaterThanOrEqual(now.smallestLoss);
    }
  });

  test("offers what the account does not have yet", () => {
    const offered = names({ credentials: "password" });
    expect(offered).toEqual(
      expect.arrayContaining([
        ["use-social-login", "Sign in with a social login"],
        ["add-method", "Add an authenticator app"],
        ["add-method", "Add SMS codes"],
        ["add-method", "Add a passkey"],
        ["add-method", "Add a wallet that signs"],
      ]),
    );
    const all = names({ methods: ["A", "S", "P", "W"] });
    expect(all.map(([change]) => change)).not.toContain("add-method");
    expect(all.map(([change]) => change)).not.toContain("use-social-login");
  });

  test("offers other holders only for keys that the network has", () => {
    const words = names({}).map(([, text]) => text);
    expect(words).toContain("Hold the MFA key on a Ledger");
    // One thing alone could then recover, if nobody vetoed: no change to offer.
    expect(words).not.toContain("Hold the recovery key on a Ledger");
    const elsewhere = names({ mfa: { holder: "ledger" }, recovery: { holder: "passkey" } }).map(
      ([change]) => change,
    );
    for (const change of ["hold-mfa-key", "hold-recovery-key", "add-method", "use-social-login"]) {
      expect(elsewhere).not.toContain(change);
    }
  });

  test("offers to keep apart what lies in one place", () => {
    const places = [
      { name: "phone", kind: "phone" as const, holds: ["A", "S"] },
      { name: "desk", holds: ["D"] },
    ];
    const offered = bestChanges(parseAccount({ methods: ["A", "S"], places })).filter(
      ({ change }) => change.change === "keep-apart",
    );
    expect(offered.map(({ change, words }) => ({ change, words }))).toEqual(
      expect.arrayContaining([
        {
          change: { change: "keep-apart", thing: "S", place: "phone" },
          words: 'Keep S elsewhere than in "phone"',
        },
        {
          change: { change: "keep-apart", thing: "A", place: "phone" },
          words: 'Keep A elsewhere than in "phone"',
        },
      ]),
    );
    expect(offered).toHaveLength(2);
  });
});

describe("what the account has already", () => {
  const changesOf = (description: AccountDescription) =>
    bestChanges(parseAccount(description)).map(({ change }) => change.change);

  test("is not offered again", () => {
    const complete: AccountDescription = {
      devices: 4,
      methods: ["A", "S", "P", "W"],
      emergencyAddress: "Exchange",
      settings: { singleKeyRoles: ["device", "mfa", "recovery"], overrideDelayDays: 30 },
    };
    const offered = changesOf(complete);
    for (const change of [
      "add-device",
      "add-emergency-address",
      "allow-single-key",
      "allow-override",
      "add-method",
    ]) {
      expect(offered).not.toContain(change);
    }
    expect(changesOf({})).toEqual(expect.arrayContaining(["add-device", "add-method"]));
  });

  test("nothing is offered that would be more than can be gone through", () => {
    const names = Array.from({ length: 7 }, (_, index) => `Friend of Ann ${index}`);
    const owners = names.slice(0, 6).map((name) => `${name}, too`);
    const offered = changesOf({
      credentials: "none",
      devices: 2,
      mfa: { holder: "friends", names: names.slice(0, 4), threshold: 3 },
      recovery: { holder: "safe", owners, threshold: 4 },
      emergencyAddress: "Exchange",
    });
    expect(offered).not.toContain("add-device");
  });
});
