import { expect, it } from "vitest";
import { drawChart } from "./chart.ts";
import { leastSquares } from "./least-squares.ts";
import { measureGrowth } from "./measure-growth.ts";

it("measures every kind of growth, and costs never grow faster than in a straight line", async () => {
  const counts = {
    keys: [3, 4, 6],
    friends: [1, 2, 4],
    scheduled: [0, 1, 3],
    batch: [1, 2, 4],
    limits: [1, 2, 4],
  };
  const charts = await measureGrowth(counts);
  expect(charts.map(({ file }) => file)).toEqual([
    "gas-keys.svg",
    "gas-friends.svg",
    "gas-scheduled.svg",
    "gas-batch.svg",
    "gas-limits.svg",
  ]);
  for (const chart of charts) {
    expect(drawChart(chart)).toContain("<circle");
    for (const { label, points } of chart.series) {
      expect(points, label).toHaveLength(3);
      expect(leastSquares(points).worstError, label).toBeLessThan(0.01);
    }
  }
});
