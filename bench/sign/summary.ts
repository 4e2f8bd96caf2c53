/** Figures of a measurement, in milliseconds. */
export interface Summary {
  readonly p50: number;
  readonly p95: number;
  readonly n: number;
}

/** The value that `share` of the samples do not exceed (nearest rank). */
function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(Math.ceil(share * sorted.length), 1) - 1];
  if (value === undefined) throw new RangeError("there is nothing to summarise");
  return Math.round(value * 10) / 10;
}

/** Median, 95th percentile and count of samples; rounded to a tenth of a millisecond. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), n: sorted.length };
}
