import { expect, test } from "vitest";
import { certain } from "./certain.ts";

test("what is there is given back, and what is not is named", () => {
  expect(certain(0, "number")).toBe(0);
  expect(() => certain([][0], "first one")).toThrow(new RangeError("There is no first one."));
});
