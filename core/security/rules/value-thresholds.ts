import type { ValueThreshold } from "./profile.ts";

/** From which value on which level is asked for; as published, and kept. */
export const VALUE_THRESHOLDS: readonly ValueThreshold[] = [
  { dollars: 0, inclusive: false, level: 1, strength: "encouraged" },
  { dollars: 10_000, inclusive: true, level: 1, strength: "enforced" },
  { dollars: 25_000, inclusive: true, level: 2, strength: "encouraged" },
  { dollars: 50_000, inclusive: true, level: 2, strength: "enforced" },
];
