import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_COST, hashPassword, isPassword } from "./hash.ts";

const CHEAP = { N: 16, r: 1, p: 1 };

test("a hash says yes to its password and to no other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), async (a, b) => {
      const hash = await hashPassword(a, CHEAP);
      expect(await isPassword(a, hash, CHEAP)).toBe(true);
      expect(await isPassword(b, hash, CHEAP)).toBe(a.normalize("NFKC") === b.normalize("NFKC"));
    }),
  );
});

test("no two hashes of a password are the same, and none is right for nobody", async () => {
  const [one, two] = await Promise.all([hashPassword("x", CHEAP), hashPassword("x", CHEAP)]);
  expect(one.key).not.toBe(two.key);
  expect(await isPassword("x", undefined, CHEAP)).toBe(false);
});

test("a guess costs what OWASP asks for, 32 MB three times, and a hash keeps the cost it was made with", async () => {
  expect(128 * DEFAULT_COST.N * DEFAULT_COST.r).toBe(32 * 1024 * 1024);
  expect(DEFAULT_COST.p).toBe(3);
  const hash = await hashPassword("x", DEFAULT_COST);
  expect(hash.cost).toEqual(DEFAULT_COST);
  expect(await isPassword("x", hash, CHEAP)).toBe(true);
});
