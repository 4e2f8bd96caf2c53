/** What a new record changes: the gate demands other proofs for each kind of change, and takes one at a time. */
import { z } from "zod";
import { sameAddress } from "../primitives/address.ts";
import { zGateDigest } from "../primitives/hex.ts";
import { isSameFactor, type OpenedRecord, type RecordFactor, zOpenedRecord } from "./opened-record.ts";

export const RECORD_CHANGES = [
  "add-factor",
  "change-factor",
  "remove-factor",
  "change-email",
  "move-gate",
] as const;
export type RecordChange = (typeof RECORD_CHANGES)[number];

/** A record and the gate it names. */
export const zRecordState = z.object({ record: zOpenedRecord, gate: zGateDigest });
export type RecordState = z.output<typeof zRecordState>;

export type ChangeProblem = "other-account" | "one-change-at-a-time";

const without = (factors: readonly RecordFactor[], others: readonly RecordFactor[]): RecordFactor[] =>
  factors.filter((factor) => !others.some((other) => isSameFactor(factor, other)));

/**
 * Says which single change leads from one record to another.
 * @returns the change and the factors that are new, or why it is not exactly one; a key never changes its account
 */
export function classifyChange(
  from: RecordState,
  to: RecordState,
):
  | { readonly change: RecordChange; readonly added: readonly RecordFactor[] }
  | { readonly problem: ChangeProblem } {
  if (!sameAddress(from.record.account, to.record.account)) return { problem: "other-account" };
  const added = without(to.record.factors, from.record.factors);
  const removed = without(from.record.factors, to.record.factors);
  const movesGate = from.gate !== to.gate;
  const change = kindOf(added, removed, movesGate);
  return change ? { change, added } : { problem: "one-change-at-a-time" };
}

function kindOf(
  added: readonly RecordFactor[],
  removed: readonly RecordFactor[],
  movesGate: boolean,
): RecordChange | undefined {
  const [newOne, ...moreNew] = added;
  const [oldOne, ...moreOld] = removed;
  if (moreNew.length > 0 || moreOld.length > 0) return undefined;
  if (movesGate) return newOne || oldOne ? undefined : "move-gate";
  if (newOne && oldOne) {
    if (newOne.type !== oldOne.type) return undefined;
    return newOne.type === "email" ? "change-email" : "change-factor";
  }
  if (newOne) return "add-factor";
  return oldOne ? "remove-factor" : undefined;
}

/** Every record holds one email address, neither none nor two: it is what a person can always go back to. */
export function holdsOneEmail({ factors }: OpenedRecord): boolean {
  return factors.filter(({ type }) => type === "email").length === 1;
}
