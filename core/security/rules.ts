/**
 * The off-chain rules as data: which factors a network-held key asks for, and how fresh they must be. The gate
 * bundles this module; the app asks it which steps to show. A profile is one complete set of rules.
 */
import type { FactorType } from "./factors.ts";

/** The rule for one action. */
export interface ActionRule {
  /** How many of the factors in the key's record may be left out; all others have to be proven. */
  readonly mayLeaveOut: number;
  /** A factor counts for this many seconds after it was last proven. */
  readonly freshForSeconds: number;
}

export interface SecurityProfile {
  readonly name: string;
  readonly actions: Readonly<Record<"sign-operation" | "set-record", ActionRule>>;
  /** Factors without which no record may be written. */
  readonly recordHolds: readonly FactorType[];
}

export const DEFAULT_PROFILE = {
  name: "default",
  actions: {
    "sign-operation": { mayLeaveOut: 0, freshForSeconds: 600 },
    "set-record": { mayLeaveOut: 0, freshForSeconds: 600 },
  },
  recordHolds: ["email"],
} as const satisfies SecurityProfile;

/** How far clocks may differ: a proof or a token from this many seconds ahead is still taken for one from now. */
export const CLOCK_SKEW_SECONDS = 5;

/** Whether a factor counts at a time; `now` in Unix seconds. */
export function isFresh(
  factor: { readonly lastAuthenticatedAt: number },
  rule: ActionRule,
  now: number,
): boolean {
  const age = now - factor.lastAuthenticatedAt;
  return age >= -CLOCK_SKEW_SECONDS && age <= rule.freshForSeconds;
}
