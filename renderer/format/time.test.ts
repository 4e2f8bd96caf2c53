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
    [86_400_000, "1 day 0:00:00"],
    [604_799_000, "6 days 23:59:59"],
  ])("shows %s ms as %s", (milliseconds, text) => {
    expect(formatRemaining(milliseconds)).toBe(text);
  });
});

describe("formatMoment", () => {
  const november2026 = new Date(2026, 10, 21, 14, 3);
  const seconds = november2026.getTime() / 1000;

  it("names day and time within the year", () => {
    expect(formatMoment(seconds, new Date(2026, 11, 31))).toBe("21 Nov, 14:03");
  });

  it("names the year otherwise", () => {
    expect(formatMoment(seconds, new Date(2027, 0, 1))).toBe("21 Nov 2026");
  });
});
