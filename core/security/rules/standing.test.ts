import { describe, expect, test } from "vitest";
import type { ValueThreshold } from "./profile.ts";
import { standingOf } from "./standing.ts";
import { VALUE_THRESHOLDS } from "./value-thresholds.ts";

const at = (dollars: number, strength: ValueThreshold["strength"]) =>
  VALUE_THRESHOLDS.find((one) => one.dollars === dollars && one.strength === strength);

describe("an account's standing", () => {
  test.each([
    [0, 0, "none"],
    [0, 0.01, "encouraged"],
    [0, 9_999.99, "encouraged"],
    [0, 10_000, "enforced"],
    [1, 10_000, "none"],
    [1, 24_999.99, "none"],
    [1, 25_000, "encouraged"],
    [1, 50_000, "enforced"],
    [2, 50_000, "none"],
    [4, 1e9, "none"],
    [0, 1e9, "enforced"],
  ] as const)("at level %i with $%d: %s", (level, dollars, nudge) => {
    expect(standingOf(level, dollars, VALUE_THRESHOLDS).nudge).toBe(nudge);
  });

  test("names the thresholds that say so, the first that asks for a level, and the next that asks for more", () => {
    expect(standingOf(0, 0, VALUE_THRESHOLDS)).toEqual({
      nudge: "none",
      next: at(0, "encouraged"),
    });
    expect(standingOf(0, 30_000, VALUE_THRESHOLDS)).toEqual({
      nudge: "enforced",
      encouraged: at(25_000, "encouraged"),
      enforced: at(10_000, "enforced"),
      next: at(50_000, "enforced"),
    });
    expect(standingOf(1, 20_000, VALUE_THRESHOLDS)).toEqual({
      nudge: "none",
      encouraged: at(0, "encouraged"),
      enforced: at(10_000, "enforced"),
      next: at(25_000, "encouraged"),
    });
    expect(standingOf(2, 30_000, VALUE_THRESHOLDS).next).toBeUndefined();
  });

  test("finds the nearest next threshold in whatever order they are", () => {
    const reversed = [...VALUE_THRESHOLDS].reverse();
    expect(standingOf(0, 5, reversed).next).toEqual(at(10_000, "enforced"));
    expect(standingOf(0, 60_000, reversed)).toMatchObject({
      encouraged: { level: 2 },
      enforced: at(50_000, "enforced"),
    });
  });

  test("of two thresholds at one value takes the first", () => {
    const both = [
      { dollars: 10, inclusive: true, level: 1, strength: "encouraged" },
      { dollars: 10, inclusive: true, level: 2, strength: "enforced" },
    ] as const;
    expect(standingOf(0, 5, both).next).toBe(both[0]);
    expect(standingOf(1, 5, both).next).toBe(both[1]);
  });

  test("asks nothing where the network holds no key", () => {
    expect(standingOf(undefined, 1e9, VALUE_THRESHOLDS)).toEqual({ nudge: "none" });
  });
});
