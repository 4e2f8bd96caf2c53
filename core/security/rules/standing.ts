/** Where an account stands against the thresholds for its value: what the app suggests, and what it asks for. */
import type { ValueThreshold } from "./profile.ts";

/** What the app does about an account's level. */
export interface Standing {
  /** The threshold that asks for the highest level so far, of each strength; undefined where none is reached. */
  readonly encouraged?: ValueThreshold | undefined;
  readonly enforced?: ValueThreshold | undefined;
  /** The next threshold that would ask for more than the account has. */
  readonly next?: ValueThreshold | undefined;
  /** Whether a level is suggested or demanded that the account does not have. */
  readonly nudge: "none" | "encouraged" | "enforced";
}

const isReached = ({ dollars: from, inclusive }: ValueThreshold, dollars: number): boolean =>
  dollars > from || (inclusive && dollars === from);

function highest(thresholds: readonly ValueThreshold[]): ValueThreshold | undefined {
  return thresholds.reduce<ValueThreshold | undefined>(
    (best, one) => (best === undefined || one.level > best.level ? one : best),
    undefined,
  );
}

/**
 * @param level the account's level; undefined where the network holds none of its keys, so that no level means anything
 * @param dollars the account's value in US dollars
 */
export function standingOf(
  level: number | undefined,
  dollars: number,
  thresholds: readonly ValueThreshold[],
): Standing {
  if (level === undefined) return { nudge: "none" };
  const reached = thresholds.filter((threshold) => isReached(threshold, dollars));
  const encouraged = highest(reached);
  const enforced = highest(reached.filter(({ strength }) => strength === "enforced"));
  const next = thresholds
    .filter((threshold) => !isReached(threshold, dollars) && threshold.level > level)
    .reduce<ValueThreshold | undefined>(
      (nearest, one) => (nearest === undefined || one.dollars < nearest.dollars ? one : nearest),
      undefined,
    );
  const lacks = (threshold: ValueThreshold | undefined) => threshold !== undefined && threshold.level > level;
  const nudge = lacks(enforced) ? "enforced" : lacks(encouraged) ? "encouraged" : "none";
  return { encouraged, enforced, next, nudge };
}
