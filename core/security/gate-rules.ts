/**
 * Whether what a session proved suffices for what the gate is asked to do. Gate and app both ask this function, so
 * that the app never asks for less than the gate demands.
 */
import type { RecordChange } from "./record-change.ts";
import { isSameFactor, type OpenedRecord, type RecordFactor } from "./opened-record.ts";
import { DEFAULT_PROFILE, isFresh } from "./rules.ts";

/** What the rules tell apart. */
export type GuardedAction = "sign-with-mfa-key" | "sign-with-recovery-key" | RecordChange;

/** That somebody holds a factor, and since when that is known. */
export interface Proof extends RecordFactor {
  /** Unix seconds. */
  readonly lastAuthenticatedAt: number;
}

export type Shortage = "factor-missing" | "factor-stale";

export interface Question {
  readonly action: GuardedAction;
  /** The key's record as it is registered: which methods the person has. */
  readonly record: OpenedRecord;
  /** What the person proved, the record's factors and others. */
  readonly proofs: readonly Proof[];
  /** Whether the asking device key is an active one of the account. */
  readonly deviceCounts: boolean;
  /** Unix seconds. */
  readonly now: number;
}

const RULE = DEFAULT_PROFILE.actions["sign-operation"];

/** Whether a proof of this time counts at another; both in Unix seconds. */
export const isFreshTime = (lastAuthenticatedAt: number, now: number): boolean =>
  isFresh({ lastAuthenticatedAt }, RULE, now);

/** @returns undefined when the proofs suffice, else what falls short */
export function findShortage({ record, proofs, now }: Question): Shortage | undefined {
  return shortageOf(record.factors, proofs, now);
}

/** Whether each of these factors was proven, and lately: what a record newly holds has to be. */
export function shortageOf(
  factors: readonly RecordFactor[],
  proofs: readonly Proof[],
  now: number,
): Shortage | undefined {
  const of = (factor: RecordFactor) => proofs.filter((proof) => isSameFactor(proof, factor));
  if (factors.some((factor) => of(factor).length === 0)) return "factor-missing";
  const isProvenLately = (factor: RecordFactor) =>
    of(factor).some((proof) => isFreshTime(proof.lastAuthenticatedAt, now));
  return factors.every(isProvenLately) ? undefined : "factor-stale";
}
