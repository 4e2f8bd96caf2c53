import { expect, test } from "vitest";
import { PROFILES } from "./profiles.ts";
import { standingOf } from "./standing.ts";

test.each([
  [0, 0, 0],
  [0.01, 1, 0],
  [9_999.99, 1, 0],
  [10_000, 1, 1],
  [24_999.99, 1, 1],
  [25_000, 2, 1],
  [49_999.99, 2, 1],
  [50_000, 2, 2],
  [1e9, 2, 2],
])("an account of $%d: level %i encouraged, level %i enforced", (dollars, encouraged, enforced) => {
  for (const { valueThresholds } of Object.values(PROFILES)) {
    const standing = standingOf(0, dollars, valueThresholds);
    expect(standing.encouraged?.level ?? 0).toBe(encouraged);
    expect(standing.enforced?.level ?? 0).toBe(enforced);
  }
});

test("without thresholds nothing is asked", () => {
  expect(standingOf(0, 1e6, [])).toEqual({ nudge: "none" });
});
