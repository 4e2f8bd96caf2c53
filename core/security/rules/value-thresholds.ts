import type { ValueThreshold } from "./profile.ts";

/** From which value on which level is asked for; as published, and kept. */
export const VALUE_THRESHOLDS: readonly ValueThreshold[] = [
  { dollars: 0, inclusive: false, level: 1, strength: "encouraged" },
  { dollars: 10_000, inclusive: true, level: 1, strength: "enforced" },
  { dollars: 25_000, inclusive: true, level: 2, strength: "encouraged" },
  { dollars: 50_000, inclusive: true, level: 2, strength: "enforced" },
];

/** The levels that the thresholds ask for at a value. Level 0 where nothing is asked. */
export interface LevelsForValue {
  /** What the app suggests; never below what it demands. */
  readonly encouraged: number;
  /** What the app demands before it goes on. */
  readonly enforced: number;
}

/**
 * What an account of a value should have.
 * @param dollars the account's value in US dollars; prices never enter a decision on the chain
 */
export function levelsForValue(dollars: number, thresholds: readonly ValueThreshold[]): LevelsForValue {
  const reached = thresholds.filter(
    ({ dollars: from, inclusive }) => dollars > from || (inclusive && dollars === from),
  );
  const highest = (levels: readonly ValueThreshold[]) => Math.max(0, ...levels.map(({ level }) => level));
  return {
    encouraged: highest(reached),
    enforced: highest(reached.filter(({ strength }) => strength === "enforced")),
  };
}
