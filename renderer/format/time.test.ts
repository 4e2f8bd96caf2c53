import { describe, expect, it } from "vitest";
import { formatMoment, formatRemaining } from "./time.ts";

describe("formatRemaining", () => {
  it.each([
    [0, "0:00"],
    [-5000, "0:00"],
    [1, "0:01"],
    [59_000, "0:59"],
    [600_000, "10:00"],
    [545_000, "9:05"],
    [3_600_000, "1:00:00"],
    [3_665_000, "1:01:05"],
  ])("shows %s ms as %s", (milliseconds, text) => {
    expect(formatRemaining(milliseconds)).toBe(text);
  });
});

describe("formatMoment", () => {
  it("names day, month, year and time", () => {
    expect(formatMoment(1_795_269_780)).toMatch(/^\d{1,2} Nov 2026, \d{2}:\d{2}$/);
  });
});
