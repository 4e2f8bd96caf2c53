import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SECURITY_ACTIONS } from "./profile.ts";
import { PROFILES } from "./profiles.ts";
import {
  bucketOf,
  choices,
  enabledBy,
  enabledProofs,
  type Evidence,
  levelOf,
  meetsGeneralRule,
  pointsOf,
  suffices,
  waysToSuffice,
} from "./sufficiency.ts";
import { type Proof, PROOFS } from "./things.ts";

const has = (proofs: readonly Proof[], device = false): Evidence => ({ proofs: new Set(proofs), device });

const anyProofs = fc.subarray([...PROOFS]);
const anything = fc.record({
  profile: fc.constantFrom(...Object.values(PROFILES)),
  action: fc.constantFrom(...SECURITY_ACTIONS),
  enabled: anyProofs.map(enabledBy),
  proofs: anyProofs,
  device: fc.boolean(),
});

describe("choices", () => {
  test("come fewest first, then in the order of the list", () => {
    expect(choices(["b", "a", "c"])).toEqual([
      [],
      ["b"],
      ["a"],
      ["c"],
      ["b", "a"],
      ["b", "c"],
      ["a", "c"],
      ["b", "a", "c"],
    ]);
    const pairs = choices(["d", "c", "b", "a"]).filter(({ length }) => length === 2);
    expect(pairs.map((pair) => pair.join(""))).toEqual(["dc", "db", "da", "cb", "ca", "ba"]);
  });
});

describe("buckets and points", () => {
  test("the bucket is that of the level, with credentials or without", () => {
    const { withCredentials, withoutCredentials } = PROFILES.default.buckets;
    for (const methods of choices(["A", "S", "P", "W"] as const)) {
      const level = methods.length;
      expect(levelOf(enabledBy(methods))).toBe(level);
      expect(bucketOf(PROFILES.default, enabledBy(methods))).toBe(withoutCredentials[level]);
      expect(bucketOf(PROFILES.default, enabledBy([...methods, "C"]))).toBe(withCredentials[level]);
    }
  });

  test("what is not set up gives no points", () => {
    const enabled = enabledBy(["A"]);
    expect(enabledProofs(enabled)).toEqual(["E", "A"]);
    expect(pointsOf(PROFILES.default, enabled, has(["C", "E", "S", "P", "W"]))).toBe(2);
    expect(pointsOf(PROFILES.default, enabled, has(["E", "A"], true))).toBe(2 + 3 + 3);
    const everything = enabledBy(PROOFS);
    expect(pointsOf(PROFILES.published, everything, has(PROOFS, true))).toBe(15 + 0.5 + 1 + 30 + 9);
  });
});

describe("general rules", () => {
  const all = enabledBy(["A", "S", "W"]);
  test.each([
    ["all mfa and email", "mfa", 0, true, ["E", "A", "S"], true],
    ["not without email", "mfa", 0, true, ["A", "S"], false],
    ["not without one of them", "mfa", 0, true, ["E", "A"], false],
    ["unless one may lack", "mfa", 1, true, ["E", "A"], true],
    ["which is not two", "mfa", 1, true, ["E"], false],
    ["the wallet counts where all methods do", "security", 1, false, ["E", "A", "W"], true],
    ["and lacks where all methods do", "security", 0, false, ["E", "A", "S"], false],
    ["but not among mfa methods", "mfa", 0, false, ["E", "A", "W"], false],
    ["the wallet alone, where it may", "mfa", 0, true, ["W"], true],
    ["and not where it may not", "mfa", 0, false, ["W"], false],
  ] as const)("%s", (_, of, mayLack, orWallet, proofs, met) => {
    expect(meetsGeneralRule({ of, mayLack, orWallet }, all, has(proofs))).toBe(met);
  });

  test("a wallet that is not set up replaces nothing; all of no methods is true", () => {
    const rule = { of: "mfa", mayLack: 0, orWallet: true } as const;
    expect(meetsGeneralRule(rule, enabledBy(["A"]), has(["W"]))).toBe(false);
    expect(meetsGeneralRule(rule, enabledBy(["W"]), has(["E"]))).toBe(true);
  });
});

describe("suffices", () => {
  test("points have to be reached exactly", () => {
    const enabled = enabledBy(["A", "S", "C"]);
    const sign = (proofs: readonly Proof[]) =>
      suffices(PROFILES.default, "sign-with-mfa-key", enabled, has(proofs, true));
    expect(sign(["A", "E"])).toBe(true);
    expect(sign(["C", "E"])).toBe(false);
  });

  test("a general rule counts besides the points", () => {
    const sign = (proofs: readonly Proof[]) =>
      suffices(PROFILES.published, "sign-with-mfa-key", enabledBy(["A", "S", "C"]), has(proofs, true));
    expect(sign(["C", "E", "A"])).toBe(false);
    expect(sign(["E", "A", "S"])).toBe(true);
  });

  test("what is asked for by name is not made up for by points", () => {
    const login = (name: keyof typeof PROFILES, proofs: readonly Proof[]) =>
      suffices(PROFILES[name], "login", enabledBy(["A", "S", "C"]), has(proofs, true));
    expect(login("published", ["E", "A", "S"])).toBe(false);
    expect(login("published", ["C", "A"])).toBe(true);
    expect(login("published", ["C"])).toBe(false);
    expect(login("default", ["A"])).toBe(false);
    expect(login("default", ["S"])).toBe(true);
    expect(login("default", ["P"])).toBe(true);
  });

  test("never gets harder with more", () => {
    fc.assert(
      fc.property(anything, anyProofs, ({ profile, action, enabled, proofs, device }, further) => {
        fc.pre(suffices(profile, action, enabled, has(proofs, device)));
        expect(suffices(profile, action, enabled, has([...proofs, ...further], device))).toBe(true);
        expect(suffices(profile, action, enabled, has(proofs, true))).toBe(true);
      }),
    );
  });
});

describe("waysToSuffice", () => {
  test("are the smallest ones, fewest first", () => {
    const enabled = enabledBy(["A", "W", "C"]);
    const ways = (proofs: readonly Proof[], device: boolean) =>
      waysToSuffice(PROFILES.default, "sign-with-recovery-key", enabled, has(proofs, device));
    expect(ways(["E"], true)).toEqual([["A"], ["W"]]);
    expect(ways(["E"], false)).toEqual([
      ["C", "A"],
      ["C", "W"],
      ["A", "W"],
    ]);
    expect(ways(["E", "A"], true)).toEqual([[]]);
  });

  test("name what opens a session, set up for the gate or not", () => {
    const ways = waysToSuffice(PROFILES.default, "login", enabledBy(["A"]), has(["A"]));
    expect(ways).toEqual([["C"], ["E"], ["S"], ["P"], ["W"]]);
  });

  test("there is none where no proof helps", () => {
    const enabled = enabledBy(["A"]);
    expect(waysToSuffice(PROFILES.default, "change-email", enabled, has([]))).toEqual([]);
  });

  test("are exactly the minimal sets of missing proofs that make up for what is missing", () => {
    fc.assert(
      fc.property(anything, ({ profile, action, enabled, proofs, device }) => {
        const ways = waysToSuffice(profile, action, enabled, has(proofs, device));
        for (const further of choices(enabledProofs(enabled).filter((proof) => !proofs.includes(proof)))) {
          const helps = suffices(profile, action, enabled, has([...proofs, ...further], device));
          const covered = ways.some((way) => way.every((proof) => further.includes(proof)));
          expect(helps).toBe(covered);
        }
        for (const way of ways) {
          for (const left of way) {
            const less = way.filter((proof) => proof !== left);
            expect(suffices(profile, action, enabled, has([...proofs, ...less], device))).toBe(false);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
