import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FactorId } from "../primitives/hex.ts";
import type { ProvenFactor } from "./factors.ts";
import { type ActionRule, CLOCK_SKEW_SECONDS, DEFAULT_PROFILE, findShortage, isFresh } from "./rules.ts";

const NOW = 1_795_000_000;
const idOf = (number: number) => `0x${number.toString(16).padStart(64, "0")}` as FactorId;
const EMAIL = idOf(1);
const TOTP = idOf(2);
const OTHER = idOf(3);

const proof = (factorId: FactorId, age = 0): ProvenFactor => ({
  type: factorId === TOTP ? "totp" : "email",
  id: "id",
  factorId,
  lastAuthenticatedAt: NOW - age,
});

const rule: ActionRule = { mayLeaveOut: 0, freshForSeconds: 600 };

describe("the default profile", () => {
  test("counts a factor for ten minutes, for every action", () => {
    for (const action of Object.values(DEFAULT_PROFILE.actions)) expect(action).toEqual(rule);
  });

  test("keeps no record without an email code", () => {
    expect(DEFAULT_PROFILE.recordHolds).toEqual(["email"]);
  });
});

describe("isFresh", () => {
  test.each([
    [0, true],
    [600, true],
    [601, false],
    [-CLOCK_SKEW_SECONDS, true],
    [-CLOCK_SKEW_SECONDS - 1, false],
  ])("a proof of %i seconds ago counts: %s", (age, counts) => {
    expect(isFresh(proof(EMAIL, age), rule, NOW)).toBe(counts);
  });

  test("a proof without a readable time does not count", () => {
    expect(isFresh({ ...proof(EMAIL), lastAuthenticatedAt: Number.NaN }, rule, NOW)).toBe(false);
  });
});

describe("findShortage", () => {
  test("finds none when every registered factor is proven and fresh; others do not matter", () => {
    expect(findShortage(rule, [EMAIL], [proof(OTHER, 9999), proof(EMAIL)], NOW)).toBeUndefined();
    expect(findShortage(rule, [EMAIL, TOTP], [proof(TOTP), proof(EMAIL)], NOW)).toBeUndefined();
  });

  test("an empty record suffices for nothing", () => {
    expect(findShortage(rule, [], [proof(EMAIL)], NOW)).toBe("factor-not-registered");
  });

  test("a session of somebody else proves nothing", () => {
    expect(findShortage(rule, [EMAIL], [proof(OTHER)], NOW)).toBe("factor-not-registered");
  });

  test("one registered factor is not enough when there are two", () => {
    expect(findShortage(rule, [EMAIL, TOTP], [proof(EMAIL)], NOW)).toBe("factor-missing");
  });

  test("one stale factor spoils the other", () => {
    expect(findShortage(rule, [EMAIL, TOTP], [proof(EMAIL), proof(TOTP, 601)], NOW)).toBe("factor-stale");
  });

  test("a rule may let one factor out, but never the last one", () => {
    const lenient = { ...rule, mayLeaveOut: 1 };
    expect(findShortage(lenient, [EMAIL, TOTP], [proof(EMAIL)], NOW)).toBeUndefined();
    expect(findShortage(lenient, [EMAIL], [proof(OTHER)], NOW)).toBe("factor-not-registered");
    expect(findShortage(lenient, [EMAIL], [proof(EMAIL, 601)], NOW)).toBe("factor-stale");
  });

  test("suffices exactly when all registered factors have a fresh proof, whatever the session holds", () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 6 }).map(idOf), { maxLength: 5 });
    const proofs = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 6 }).map(idOf), fc.integer({ min: -20, max: 1200 })),
    );
    fc.assert(
      fc.property(ids, proofs, (registered, session) => {
        const proven = session.map(([id, age]) => proof(id, age));
        const suffices =
          registered.length > 0 &&
          registered.every((id) => session.some(([other, age]) => other === id && age >= -5 && age <= 600));
        expect(findShortage(rule, registered, proven, NOW) === undefined).toBe(suffices);
      }),
    );
  });
});
