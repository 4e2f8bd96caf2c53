import { describe, expect, it } from "vitest";
import { type Chart, drawChart, slopeText } from "./chart.ts";
import { leastSquares } from "./least-squares.ts";

const straight = [1, 2, 5].map((count) => ({ count, gas: 50_000 + 7_000 * count }));
const flat = [3, 6, 12].map((count) => ({ count, gas: 64_000 }));

describe("the line through the points", () => {
  it("is the very line they lie on", () => {
    const { slope, base, worstError } = leastSquares(straight);
    expect(slope).toBeCloseTo(7_000);
    expect(base).toBeCloseTo(50_000);
    expect(worstError).toBeCloseTo(0);
  });

  it("says how far they are from it", () => {
    const { slope, worstError } = leastSquares([
      { count: 0, gas: 100 },
      { count: 1, gas: 90 },
      { count: 2, gas: 100 },
    ]);
    expect(slope).toBe(0);
    expect(worstError).toBeCloseTo(6.667 / 90, 3);
  });

  it("needs two different counts", () => {
    expect(() => leastSquares([])).toThrow(RangeError);
    expect(() => leastSquares([{ count: 2, gas: 1 }])).toThrow(RangeError);
  });
});

describe("the picture", () => {
  const chart: Chart = {
    title: "Keys & <friends>",
    grows: "keys",
    series: [
      { label: "replace", points: straight },
      { label: "send", points: flat },
    ],
  };

  it("is the same text for the same figures", () => {
    expect(drawChart(chart)).toBe(drawChart(structuredClone(chart)));
  });

  it("has a dot for each figure and the slope of each line", () => {
    const svg = drawChart(chart);
    expect(svg.match(/<circle /g)).toHaveLength(6);
    expect(svg).toContain("replace: + 7 000 gas each");
    expect(svg).toContain("send: no growth");
  });

  it("takes no markup from its texts", () => {
    expect(drawChart(chart)).toContain("Keys &amp; &lt;friends&gt;");
  });

  it("puts every dot inside of itself", () => {
    for (const [, x, y] of drawChart(chart).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)) {
      expect(Number(x)).toBeGreaterThan(0);
      expect(Number(x)).toBeLessThan(720);
      expect(Number(y)).toBeGreaterThan(0);
      expect(Number(y)).toBeLessThan(400);
    }
  });
});

it("says what falls, too", () => {
  expect(
    slopeText([
      { count: 0, gas: 10_000 },
      { count: 1, gas: 8_500 },
    ]),
  ).toBe("\u2212 1 500 gas each");
});
