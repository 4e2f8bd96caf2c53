import { expect, test } from "vitest";
import { summarise } from "./summary.ts";

test("takes median and 95th percentile by nearest rank, whatever the order", () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(summarise(samples)).toEqual({ p50: 50, p95: 95, n: 100 });
  expect(summarise([3, 1, 2])).toEqual({ p50: 2, p95: 3, n: 3 });
  expect(summarise([1.26])).toEqual({ p50: 1.3, p95: 1.3, n: 1 });
});

test("refuses to summarise nothing", () => {
  expect(() => summarise([])).toThrow(RangeError);
});
