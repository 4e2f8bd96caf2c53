import fc from "fast-check";
import { keccak256, numberToHex } from "viem/utils";
import { describe, expect, test } from "vitest";
import { comparisonCode, isComparisonCode } from "./comparison-code.ts";

const part = (number: number) => keccak256(numberToHex(number));
const CODE = comparisonCode(part(1));

describe("a comparison code", () => {
  test("is twenty digits in four groups, also where the first are zeros", () => {
    fc.assert(
      fc.property(fc.nat(), (number) => {
        expect(comparisonCode(part(number))).toMatch(/^\d{5} \d{5} \d{5} \d{5}$/);
      }),
    );
  });

  test("is the same on every computer: written down, so that no version shows another", () => {
    expect([CODE, comparisonCode(part(1), part(2))]).toEqual([
      "83902 21571 62549 06642",
      "49924 67918 47023 45046",
    ]);
  });

  test("is another one for other parts, in another order, or fewer of them", () => {
    const codes = [[part(1)], [part(2)], [part(1), part(2)], [part(2), part(1)], [part(1), part(1)], []].map(
      (parts) => comparisonCode(...parts),
    );
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("spreads over all digits at each place", () => {
    const seen = Array.from({ length: CODE.length }, () => new Set<string>());
    for (let number = 1; number < 400; number += 1) {
      const code = comparisonCode(part(number));
      seen.forEach((digits, at) => digits.add(code.charAt(at)));
    }
    expect(seen.map(({ size }, at) => [at, size])).toEqual(
      seen.map((_, at) => [at, CODE.charAt(at) === " " ? 1 : 10]),
    );
  });

  test("is recognised however a person groups its digits", () => {
    const digits = CODE.replaceAll(" ", "");
    for (const typed of [CODE, digits, ` ${CODE}\n`, CODE.replaceAll(" ", "-"), digits.split("").join(" ")])
      expect(isComparisonCode(typed, CODE)).toBe(true);
  });

  test("is not recognised with one digit wrong, missing or more, nor with anything else", () => {
    const other = CODE.endsWith("7") ? "8" : "7";
    for (const typed of [
      CODE.slice(0, -1),
      `${CODE}7`,
      `${CODE.slice(0, -1)}${other}`,
      `${CODE}x`,
      "",
      "    ",
    ])
      expect(isComparisonCode(typed, CODE)).toBe(false);
  });
});
