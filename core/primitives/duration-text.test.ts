import { expect, test } from "vitest";
import { durationText } from "./duration-text.ts";

test.each([
  [0, "0 seconds"],
  [1, "1 second"],
  [5_400, "1 hour 30 minutes"],
  [86_400, "1 day"],
  [7 * 86_400, "7 days"],
  [93_601, "1 day 2 hours 1 second"],
])("%i seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
