/**
 * The off-chain rules as data: which factors a network-held key asks for, and how fresh they must be. The gate
 * bundles this module; the app asks it which steps to show. A profile is one complete set of rules.
 */
import type { FactorId } from "../primitives/hex.ts";
import type { FactorType, ProvenFactor } from "./factors.ts";
import type { GateReason } from "./gate-reasons.ts";

/** What the gate can be asked to do with a network-held key. */
export const GATE_ACTIONS = ["sign-operation", "set-record"] as const;
export type GateAction = (typeof GATE_ACTIONS)[number];

/** The rule for one action. */
export interface ActionRule {
  /** How many of the factors in the key's record may be left out; all others have to be proven. */
  readonly mayLeaveOut: number;
  /** A factor counts for this many seconds after it was last proven. */
  readonly freshForSeconds: number;
}

export interface SecurityProfile {
  readonly name: string;
  readonly actions: Readonly<Record<GateAction, ActionRule>>;
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
export function isFresh(factor: ProvenFactor, rule: ActionRule, now: number): boolean {
  const age = now - factor.lastAuthenticatedAt;
  return age >= -CLOCK_SKEW_SECONDS && age <= rule.freshForSeconds;
}

/** Why factors do not suffice. */
export type FactorShortage = Extract<
  GateReason,
  "factor-not-registered" | "factor-missing" | "factor-stale" | "factor-required"
>;

/**
 * Whether the factors of a session suffice for an action.
 * @param registered the factor ids that the record of the key holds; an empty record never suffices
 * @param now Unix seconds
 * @returns undefined when they suffice, else what falls short
 */
export function findShortage(
  rule: ActionRule,
  registered: readonly FactorId[],
  proven: readonly ProvenFactor[],
  now: number,
): FactorShortage | undefined {
  const isProven = (id: FactorId) => proven.some(({ factorId }) => factorId === id);
  const isFreshlyProven = (id: FactorId) =>
    proven.some((factor) => factor.factorId === id && isFresh(factor, rule, now));
  const found = registered.filter(isProven);
  if (found.length === 0) return "factor-not-registered";
  const needed = Math.max(registered.length - rule.mayLeaveOut, 1);
  if (found.length < needed) return "factor-missing";
  return registered.filter(isFreshlyProven).length < needed ? "factor-stale" : undefined;
}
