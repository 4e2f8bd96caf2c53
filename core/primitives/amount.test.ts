import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAmount, parseAmount, zUint256String } from "./amount.ts";

describe("parseAmount", () => {
  test("reads what formatAmount writes, for every amount and number of decimals", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 256n - 1n), fc.integer({ min: 0, max: 36 }), (amount, decimals) => {
        const text = formatAmount(amount, decimals);
        fc.pre(text.length <= 60);
        expect(parseAmount(text, decimals)).toEqual({ amount });
      }),
    );
  });

  test.each([
    ["1.5", 6, 1_500_000n],
    [" 25 ", 6, 25_000_000n],
    [".5", 1, 5n],
    ["1.", 2, 100n],
    ["1.50", 1, 15n],
  ])("reads %j with %i decimals", (text, decimals, amount) => {
    expect(parseAmount(text, decimals)).toEqual({ amount });
  });

  test.each([
    ["", "not-a-number"],
    [".", "not-a-number"],
    ["1,5", "not-a-number"],
    ["1e18", "not-a-number"],
    ["-1", "not-a-number"],
    ["0x10", "not-a-number"],
    ["١", "not-a-number"],
    ["1.2345678", "too-many-decimals"],
    ["0", "zero"],
    ["0.000000", "zero"],
    ["9".repeat(60), undefined],
  ])("says what is wrong with %j", (text, problem) => {
    const parsed = parseAmount(text, 6);
    expect("problem" in parsed ? parsed.problem : undefined).toBe(problem);
  });

  test("refuses what does not fit 256 bits", () => {
    expect(parseAmount("9".repeat(60), 18)).toEqual({ problem: "too-large" });
  });
});

describe("zUint256String", () => {
  test("refuses leading zeros, signs and 2^256", () => {
    for (const text of ["01", "-1", "+1", "1.0", "", (2n ** 256n).toString()]) {
      expect(zUint256String.safeParse(text).success, text).toBe(false);
    }
    expect(zUint256String.parse((2n ** 256n - 1n).toString())).toBe(2n ** 256n - 1n);
  });
});
