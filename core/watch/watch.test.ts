import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyId } from "../keys/key.ts";
import { changeRow, CHANGES } from "../operations/changes.ts";
import { changeWords } from "../operations/change-words.ts";
import type { Effect } from "../policy/policy.ts";
import { toAddress } from "../primitives/address.ts";
import { type FactorId, zFactorId, zGateDigest, zKeyId } from "../primitives/hex.ts";
import { anyOperationOf } from "../testing/arbitraries.ts";
import { differencesAt } from "./agreement.ts";
import { alertsOf, tellingOf } from "./alerts.ts";
import { changeMade, type PlacedFact, recordId, zPlacedFact } from "./facts.ts";
import { BLANK, withFact } from "./picture.ts";
import { alertWords, NO_NAMES, timeLeft, vetoText } from "./words.ts";

const DAY = 86_400;
const id = (digit: string) => `0x${digit.repeat(64)}`;

/** Facts on a chain of one block per fact, a second apart. */
const placed = (facts: readonly unknown[], from = 1_000_000): PlacedFact[] =>
  facts.map((fact, index) =>
    zPlacedFact.parse({
      fact,
      place: {
        block: index,
        blockHash: id("b"),
        transaction: `0x${index.toString(16).padStart(64, "0")}`,
        time: from + index,
      },
    }),
  );

const pictureAfter = (...facts: readonly unknown[]) => placed(facts).reduce(withFact, BLANK);
const created = { kind: "created", device: id("1"), mfa: id("2"), recovery: id("3") };
const scheduled = (effect: Effect) => ({
  kind: "scheduled",
  operation: id("a"),
  effect,
  executableAt: 1_000_000 + 7 * DAY,
  proposer: id("3"),
  asked: { kind: "unknown" },
});
const changed = (kind: string, fields: Record<string, unknown>) => ({
  kind: "changed",
  operation: id("c"),
  change: { kind, fields },
});

describe("changes on the chain", () => {
  test.each(CHANGES.map(({ kind }) => kind))("%s is read back from its words", (kind) => {
    fc.assert(
      fc.property(anyOperationOf(kind), (change) => {
        const made = changeMade(changeRow(kind).number, changeWords(change));
        expect(made?.kind).toBe(kind);
        for (const [name, value] of Object.entries(made?.fields ?? {})) {
          const own: unknown = Object.entries(change).find(([other]) => other === name)?.[1];
          const expected =
            kind === "addKey" && name === "key" && "key" in change && typeof change.key === "object"
              ? keyId(change.key)
              : own;
          expect(String(value).toLowerCase()).toBe(String(expected).toLowerCase());
        }
      }),
      { numRuns: 20 },
    );
  });

  test("a record is one of its own to the last factor: an RPC that tells of another in its place hides none", () => {
    const gate = zGateDigest.parse(id("9"));
    const [one, other] = ["5", "6"].map((digit) => zFactorId.parse(id(digit)));
    const known = zKeyId.parse(created.mfa);
    const tellingsOf = (factors: readonly FactorId[], version: bigint) => {
      const record = recordId({ key: known, gate, version, factors });
      const fact = { kind: "recordSet", key: known, gate, version: Number(version), record };
      return alertsOf(undefined, pictureAfter(created, fact), 1_000_010).map(tellingOf);
    };
    if (!one || !other) throw new Error("there are two");
    const tellings = [
      tellingsOf([one], 2n),
      tellingsOf([one], 3n),
      tellingsOf([other], 2n),
      tellingsOf([one, other], 2n),
    ];
    expect(new Set(tellings.flat()).size).toBe(4);
  });

  test("a number or words that no contract of ours writes are nothing", () => {
    expect(changeMade(99, [])).toBeUndefined();
    expect(changeMade(0, ["0x01"])).toBeUndefined();
    expect(
      changeMade(0, [`0x${"ff".repeat(32)}`, `0x${"ff".repeat(32)}`, `0x${"ff".repeat(32)}`]),
    ).toBeUndefined();
  });
});

describe("who can stop what", () => {
  const vetoesOf = (picture: ReturnType<typeof pictureAfter>, time = 1_000_010) =>
    alertsOf(undefined, picture, time).flatMap(({ veto }) => (veto ? [veto] : []));

  test("an unfreezing that recovery started is for a device key to cancel; anything else for any key but its own", () => {
    expect(vetoesOf(pictureAfter(created, scheduled("afterRecoveryDelay")))[0]?.by).toEqual([["device"]]);
    const single = vetoesOf(pictureAfter(created, scheduled("afterSingleKeyDelay")))[0];
    expect(single).toMatchObject({ by: [["device"], ["mfa"]], butNot: id("3") });
  });

  test("who is not active cannot: a pending key has no veto", () => {
    const alone = pictureAfter(
      created,
      scheduled("afterRecoveryDelay"),
      changed("removeKey", { key: id("1") }),
      changed("addKey", { role: "device", key: id("4"), expires: 0 }),
      { kind: "pending", key: id("4"), activeFrom: 1_000_000 + 9 * DAY },
    );
    expect(vetoesOf(alone)).toEqual([]);
  });

  test("a key that mfa and recovery added over the device key's head cannot be rejected", () => {
    const overruled = pictureAfter(
      created,
      changed("setDelays", { recoveryDelay: 0, removalDelay: 0, singleKeyDelay: 0, overrideDelay: 30 * DAY }),
      changed("addKey", { role: "device", key: id("4"), expires: 0 }),
      { kind: "pending", key: id("4"), activeFrom: 1_000_002 + 1 + 30 * DAY },
    );
    const [pending] = alertsOf(undefined, overruled, 1_000_010).filter(
      ({ subject }) => subject.kind === "pending-key",
    );
    expect(pending).toMatchObject({ subject: { vetoProof: "yes" } });
    expect(pending?.veto).toBeUndefined();
    expect(pending && alertWords(pending).detail).toContain("cannot be rejected");
  });
});

describe("time", () => {
  test("a pending key becomes active without any event, and that is told", () => {
    const picture = pictureAfter(created, changed("addKey", { role: "device", key: id("4"), expires: 0 }), {
      kind: "pending",
      key: id("4"),
      activeFrom: 1_000_000 + 7 * DAY,
    });
    const kinds = (time: number) => alertsOf(undefined, picture, time).map(({ subject }) => subject.kind);
    expect(kinds(1_000_010)).toContain("pending-key");
    expect(kinds(1_000_000 + 8 * DAY)).toContain("key-became-active");
    expect(kinds(1_000_000 + 8 * DAY)).not.toContain("pending-key");
  });

  test("what was armed again waits its delay anew; a lock lapses by itself", () => {
    const picture = pictureAfter(
      created,
      scheduled("afterSingleKeyDelay"),
      { kind: "locked", key: id("2"), until: 1_000_002 + 7 * DAY },
      { kind: "unfrozen" },
      changed("rearm", { operation: id("a") }),
    );
    const [again] = alertsOf(undefined, picture, 1_000_010);
    expect(again).toMatchObject({ stage: "waiting", until: 1_000_004 + 7 * DAY });
    const locked = pictureAfter(created, { kind: "locked", until: 1_000_001 + 7 * DAY });
    expect(alertsOf(undefined, locked, 1_000_010)).toHaveLength(1);
    expect(alertsOf(undefined, locked, 1_000_001 + 7 * DAY)).toHaveLength(0);
  });

  test.each([
    [6 * DAY + 23 * 3600 + 59, "6 days 23 hours"],
    [3600, "1 hour"],
    [59, "less than a minute"],
    [-5, "less than a minute"],
  ])("%i seconds are %s", (seconds, text) => {
    expect(timeLeft(seconds)).toBe(text);
  });
});

describe("words", () => {
  test("every change has a headline, and says what to do if it was not the owner", () => {
    for (const { kind } of CHANGES) {
      for (const alert of alertsOf(undefined, pictureAfter(created, changed(kind, {})), 1_000_010)) {
        const { title, detail } = alertWords(alert);
        expect(title).toMatch(/^(A|An|The|How|What) .+[^.]$/);
        expect(detail).toMatch(/lock the account with any of your keys\.$/);
      }
    }
  });

  test("a veto names who has it, and who has not", () => {
    const [alert] = alertsOf(undefined, pictureAfter(created, scheduled("afterSingleKeyDelay")), 1_000_010);
    expect(alert && vetoText(alert)).toBe(
      "The Device key, or the MFA key can cancel it, but not the key 0x33333333…, which proposed it.",
    );
  });

  test("whose keys asked for what waits is said, all of them; each of several may take it back", () => {
    const several = { ...scheduled("afterSingleKeyDelay"), others: [id("2")] };
    const [alert] = alertsOf(undefined, pictureAfter(created, several), 1_000_010);
    if (!alert) throw new Error("nothing is told");
    const names = { ...NO_NAMES, role: (key: string) => (key === id("3") ? "recovery" : undefined) } as const;
    expect(alertWords(alert, names).detail).toBe(
      "Anybody can have it run when its time has come. Asked for by the Recovery key (0x33333333…) and the key (0x22222222…). The Device key, or the MFA key, or the Recovery key can cancel it.",
    );
  });
});

describe("names of the person's own", () => {
  const ben = toAddress(`0x${"be".repeat(20)}`);
  const names = {
    ...NO_NAMES,
    person: (address: string) => (address === ben ? "Ben" : undefined),
    role: () => "recovery" as const,
    friend: (key: string) => (key === id("3") ? "Carla" : undefined),
  };
  const told = (fact: object) => {
    const [alert] = alertsOf(undefined, pictureAfter(created, fact), 1_000_010);
    if (!alert) throw new Error("nothing is told");
    return { named: alertWords(alert, names), plain: alertWords(alert) };
  };

  test("stand for addresses, which are told in full where there is none", () => {
    const asked = { kind: "withdraw", token: ben, to: ben, amount: "7", nonce: "0" };
    const { named, plain } = told({ ...scheduled("afterSingleKeyDelay"), asked });
    expect(named.title).toMatch(/^A withdrawal is scheduled: .* to Ben$/);
    expect(plain.title).toContain(`to ${ben}`);
    const stranger = toAddress(`0x${"ca".repeat(20)}`);
    const calls = told({
      ...scheduled("afterSingleKeyDelay"),
      asked: { kind: "execute", targets: [ben, stranger], nonce: "0" },
    });
    expect(calls.named.title).toBe(`Calls are scheduled, to Ben, ${stranger}`);
    const withdrawn = told({ kind: "emergencyWithdrawn", to: ben, token: ben, amount: "7" });
    expect(withdrawn.named.detail).toContain("went to Ben.");
  });

  test("stand for the friend who holds a key", () => {
    expect(told(scheduled("afterSingleKeyDelay")).named.detail).toBe(
      "Anybody can have it run when its time has come. Asked for by the Recovery key of Carla. The Device key, or the MFA key can cancel it, but not the key of Carla, which proposed it.",
    );
    const replaced = { kind: "keyReplaced", role: "recovery", oldKey: id("3"), newKey: id("4"), nonce: "0" };
    expect(told(replaced).named.detail).toMatch(
      /^The key of Carla has no say any more, the key 0x44444444… has\./,
    );
  });
});

describe("agreement", () => {
  const events = new Set(["one", "two"]);

  test("RPCs with the same block and the same events agree", () => {
    const both = ["a", "b"].map((source) => ({ source, hash: "0x1", events }));
    expect(differencesAt(5, both)).toEqual([]);
  });

  test("who says what is named, where they do not", () => {
    expect(
      differencesAt(5, [
        { source: "a", hash: "0x1", events },
        { source: "b", hash: "0x2", events: new Set(["one"]) },
      ]),
    ).toEqual([
      {
        block: 5,
        about: "block",
        sayings: [
          { source: "a", says: "0x1" },
          { source: "b", says: "0x2" },
        ],
      },
      {
        block: 5,
        about: "events",
        sayings: [
          { source: "a", says: "tells of all 2 events" },
          { source: "b", says: "leaves out 1 of 2 events" },
        ],
      },
    ]);
  });
});
