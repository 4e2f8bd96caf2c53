/**
 * What a session has to have proven for what the gate is asked to do: the rules of the default profile over opened
 * records. Gate and app both ask here, so that the app never asks for less than the gate demands.
 */
import type { RecordChange } from "./record-change.ts";
import { isSameFactor, type OpenedRecord, type RecordFactor } from "./opened-record.ts";
import { DEFAULT_PROFILE } from "./rules/default.ts";
import { findShortage as judge, isFreshFor, type Shortage } from "./rules/judge.ts";

export type { Shortage } from "./rules/judge.ts";

/** What the gate's rules tell apart. */
export type GuardedAction = "sign-with-mfa-key" | "sign-with-recovery-key" | RecordChange;

/** That somebody holds a factor, and since when that is known. */
export interface FactorProof extends RecordFactor {
  /** Unix seconds. */
  readonly lastAuthenticatedAt: number;
}

/** Who wants what with which proofs. */
export interface Question {
  readonly action: GuardedAction;
  /** The key's record as it is registered: which methods the person has. */
  readonly record: OpenedRecord;
  /** What the person proved, the record's factors and others. */
  readonly proofs: readonly FactorProof[];
  /** Whether the asking device key is an active one of the account. */
  readonly deviceCounts: boolean;
  /** Unix seconds. */
  readonly now: number;
}

/** Whether a proof of this time counts at another; both in Unix seconds. */
export const isFreshTime = (lastAuthenticatedAt: number, now: number, action: GuardedAction): boolean =>
  isFreshFor(DEFAULT_PROFILE, action, { lastAuthenticatedAt }, now);

/** A factor's name among those of one person. */
const nameOf = ({ type, id }: RecordFactor): string => `${type}|${id}`;

/**
 * Whether proofs suffice under the default profile.
 * @returns undefined when they do, else what falls short and what would make it suffice
 */
export function findShortage({ action, record, proofs, deviceCounts, now }: Question): Shortage | undefined {
  return judge(DEFAULT_PROFILE, {
    action,
    enabled: record.factors.map((factor) => ({ type: factor.type, factorId: nameOf(factor) })),
    proven: proofs.map((proof) => ({ ...proof, factorId: nameOf(proof) })),
    deviceCounts,
    now,
  });
}

/**
 * Whether each of these factors was proven, and lately: what a record newly holds has to be.
 * @returns undefined when they were
 */
export function findUnproven(
  factors: readonly RecordFactor[],
  proofs: readonly FactorProof[],
  now: number,
): "factor-missing" | "factor-stale" | undefined {
  const of = (factor: RecordFactor) => proofs.filter((proof) => isSameFactor(proof, factor));
  if (factors.some((factor) => of(factor).length === 0)) return "factor-missing";
  const isProvenLately = (factor: RecordFactor) =>
    of(factor).some(({ lastAuthenticatedAt }) => isFreshTime(lastAuthenticatedAt, now, "add-factor"));
  return factors.every(isProvenLately) ? undefined : "factor-stale";
}
