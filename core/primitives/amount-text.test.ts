import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactAmount, exactTokenAmount, shortAmount } from "./amount-text.ts";

describe("exactAmount", () => {
  it.each([
    [0n, 18, "0"],
    [1n, 18, "0.000000000000000001"],
    [1_500_000n, 6, "1.5"],
    [1_234_567_000_000n, 6, "1,234,567"],
    [999n, 0, "999"],
    [1_000n, 0, "1,000"],
    [1_234_567_890n, 6, "1,234.56789"],
  ])("shows %s with %s decimals as %s", (amount, decimals, text) => {
    expect(exactAmount(amount, decimals)).toBe(text);
  });

  it("loses no digit of any amount", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        fc.integer({ min: 0, max: 36 }),
        (amount, decimals) => {
          const [whole = "", fraction = ""] = exactAmount(amount, decimals).replaceAll(",", "").split(".");
          expect(BigInt(whole + fraction.padEnd(decimals, "0"))).toBe(amount);
        },
      ),
    );
  });

  it("names the token", () => {
    expect(exactTokenAmount(2_000_500_000n, { symbol: "TUSD", decimals: 6 })).toBe("2,000.5 TUSD");
  });
});

describe("shortAmount", () => {
  it.each([
    [1_234_567n, 6, "1.234567"],
    [1_234_567_890_123_456_789n, 18, "1.234567…"],
    [1_999_999_999_999_999_999n, 18, "1.999999…"],
    [1n, 18, "<0.000001"],
    [5_000_000_000_000_000_001n, 18, "5.000000…"],
    [0n, 18, "0"],
  ])("shows %s with %s decimals as %s", (amount, decimals, text) => {
    expect(shortAmount(amount, decimals)).toBe(text);
  });
});
