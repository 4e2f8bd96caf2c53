import { describe, expect, test } from "vitest";
import { type AccountDescription, parseAccount } from "./account.ts";
import { modelOf } from "./model.ts";
import { explorerOf } from "./reach.ts";
import {
  atOnceSets,
  drainsBy,
  lossSets,
  minimalSets,
  quickest,
  tableOf,
  theftSets,
  thingsIn,
} from "./sets.ts";

const LEDGERS = {
  credentials: "none",
  mfa: { holder: "ledger" },
  recovery: { holder: "ledger", name: "Other" },
} as const;

const tableFor = (description: AccountDescription) => {
  const explorer = explorerOf(modelOf(parseAccount(description)));
  const table = tableOf(explorer);
  const named = (masks: readonly number[]) => masks.map((mask) => thingsIn(table, mask).join("+"));
  return { explorer, table, named };
};

describe("the table of an account", () => {
  test("has for each set which choices of delays lead to the money, and which delays it can veto", () => {
    const { table } = tableFor({ ...LEDGERS, settings: { singleKeyRoles: ["mfa"] } });
    expect(table.things).toEqual(["D", "E", "Ledger", "Other"]);
    expect(table.waits).toEqual(["recovery", "single:mfa"]);
    expect(table.drains).toHaveLength(16);
    // Bit 0: no delay, bit 1: recovery, bit 2: single:mfa, bit 3: both.
    const never = 0;
    const always = 0b1111;
    const [afterRecovery, afterMfaAlone, afterEither] = [0b1010, 0b1100, 0b1110];
    const withoutDevice = [never, afterMfaAlone, afterRecovery, afterEither];
    const withDevice = [never, always, always, always];
    const at = ([device, email, ledger, other]: readonly (0 | 1)[]) =>
      (device ? 1 : 0) | (email ? 2 : 0) | (ledger ? 4 : 0) | (other ? 8 : 0);
    for (const email of [0, 1] as const) {
      const sets = [at([0, email, 0, 0]), at([0, email, 1, 0]), at([0, email, 0, 1]), at([0, email, 1, 1])];
      expect(sets.map((mask) => table.drains[mask])).toEqual(withoutDevice);
      expect(sets.map((mask) => table.drains[mask | 1])).toEqual(withDevice);
      expect(sets.map((mask) => table.vetoes[mask])).toEqual([0, 0, 0b10, 0b10]);
      expect(sets.map((mask) => table.vetoes[mask | 1])).toEqual([0b11, 0b11, 0b11, 0b11]);
    }
    expect(drainsBy(afterRecovery, 1)).toBe(true);
    expect(drainsBy(afterRecovery, 2)).toBe(false);
  });

  test("knows five delays at once", () => {
    const { table, named } = tableFor({
      ...LEDGERS,
      settings: { overrideDelayDays: 7, singleKeyRoles: ["device", "mfa", "recovery"] },
    });
    expect(table.waits).toHaveLength(5);
    expect(table.drains.at(-1)).toBe(2 ** 32 - 1);
    expect(named(theftSets(table))).toEqual(["D", "Ledger", "Other"]);
    expect(named(atOnceSets(table))).toEqual(["D+Ledger", "D+Other"]);
    expect(named(lossSets(table))).toEqual(["D+Ledger+Other"]);
  });
});

describe("smallest sets", () => {
  test("come smallest first, then as things are ordered, and hold no other", () => {
    const sizeOf = (mask: number) => [1, 2, 4, 8].filter((bit) => mask & bit).length;
    expect(minimalSets(4, (mask) => sizeOf(mask) === 2)).toEqual([3, 5, 9, 6, 10, 12]);
    expect(minimalSets(4, (mask) => mask === 8 || sizeOf(mask) === 2)).toEqual([8, 3, 5, 6]);
    expect(minimalSets(4, () => true)).toEqual([0]);
    expect(minimalSets(4, () => false)).toEqual([]);
  });
});

describe("the quickest way", () => {
  test("waits the fewest days, whatever else it could wait for", () => {
    const settings = { recoveryDelayDays: 60, overrideDelayDays: 7, singleKeyDelayDays: 30 };
    const { explorer, table } = tableFor({
      ...LEDGERS,
      settings: { ...settings, singleKeyRoles: ["recovery"] },
    });
    const ofThings = (...things: string[]) => {
      const mask = table.things.reduce(
        (bits, thing, index) => bits | (things.includes(thing) ? 1 << index : 0),
        0,
      );
      return quickest(explorer, table, mask);
    };
    expect(ofThings("Ledger", "Other")).toEqual({ waits: ["override"], days: 7 });
    expect(ofThings("Other")).toEqual({ waits: ["single:recovery"], days: 30 });
    expect(ofThings("D", "Ledger")).toEqual({ waits: [], days: 0 });
    expect(ofThings("Ledger", "E")).toBeUndefined();
  });
});
