import { describe, expect, test } from "vitest";
import { THINGS } from "../rules/things.ts";
import { PLACE_KINDS } from "./account.ts";
import { CHANCE_BOX, COMPARISON_CHANCES, OTHER_CHANCES, REFERENCE_CHANCES, WAYS_TO_FAIL } from "./chances.ts";
import { PLACE_CHANCES } from "./places.ts";

describe("the box of chances", () => {
  test.each(THINGS)("has for %s an interval for each way to fail, and the reason in a sentence", (thing) => {
    expect(Object.keys(CHANCE_BOX[thing])).toEqual([...WAYS_TO_FAIL, "why"]);
    for (const way of WAYS_TO_FAIL) {
      const [least, most] = CHANCE_BOX[thing][way];
      expect(least).toBeGreaterThan(0);
      expect(most).toBeGreaterThan(least);
    }
    const mostOfAll = WAYS_TO_FAIL.reduce((sum, way) => sum + CHANCE_BOX[thing][way][1], 0);
    expect(mostOfAll).toBeLessThan(0.15);
    expect(CHANCE_BOX[thing].why).toMatch(/^[A-Z].*\.$/);
  });

  test("has its middle where one number is needed", () => {
    expect(REFERENCE_CHANCES.D.lost).toBeCloseTo(0.065, 12);
    expect(REFERENCE_CHANCES.D.leaked).toBeCloseTo(0.0085, 12);
    expect(REFERENCE_CHANCES.D.stolen).toBeCloseTo(0.006, 12);
    expect(REFERENCE_CHANCES.A.leaked).toBeCloseTo(0.00275, 12);
    expect(Object.keys(REFERENCE_CHANCES)).toEqual([...THINGS]);
    expect(OTHER_CHANCES).toBe(REFERENCE_CHANCES.W);
  });
});

test("the chances to compare by are alike but for the mailbox and the authenticator app", () => {
  const usually = { lost: 0.02, leaked: 0.005, stolen: 0.005 };
  expect(COMPARISON_CHANCES).toEqual({
    D: usually,
    C: usually,
    E: { lost: 0.02, leaked: 0.0025, stolen: 0.0025 },
    A: { lost: 0.04, leaked: 0.005, stolen: 0.005 },
    S: usually,
    P: usually,
    W: usually,
  });
});

test.each(PLACE_KINDS)("a place of the kind %s is lost, leaked or stolen now and then", (kind) => {
  const { lost, leaked, stolen } = PLACE_CHANCES[kind];
  expect(lost).toBeGreaterThan(0);
  expect(stolen).toBeGreaterThan(0);
  // Nobody has a home without its owner's losing it.
  expect(leaked > 0).toBe(kind !== "home");
  expect(lost + leaked + stolen).toBeLessThan(0.03);
});
