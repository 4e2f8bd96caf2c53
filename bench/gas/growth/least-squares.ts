/** One measurement: how many there are of what grows, and what the flow costs then. */
export interface Point {
  readonly count: number;
  readonly gas: number;
}

/** A straight line: gas = base + slope * count. */
export interface Line {
  readonly slope: number;
  readonly base: number;
  /** The farthest that a point is from the line, as a share of its gas: near 0 when growth is linear. */
  readonly worstError: number;
}

/** The line with the least squared distance from the points. Throws unless two of them differ in count. */
export function leastSquares(points: readonly Point[]): Line {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const counts = mean(points.map(({ count }) => count));
  const gases = mean(points.map(({ gas }) => gas));
  const spread = points.reduce((sum, { count }) => sum + (count - counts) ** 2, 0);
  if (spread === 0) throw new RangeError("a line needs points of different counts");
  const together = points.reduce((sum, { count, gas }) => sum + (count - counts) * (gas - gases), 0);
  const slope = together / spread;
  const base = gases - slope * counts;
  const worstError = Math.max(...points.map(({ count, gas }) => Math.abs(base + slope * count - gas) / gas));
  return { slope, base, worstError };
}
