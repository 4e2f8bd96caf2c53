import type { ReplaceableRole } from "#core/keys/role.ts";
import { toAddress } from "#core/primitives/address.ts";
import {
  type FactorProof,
  findShortage,
  type GuardedAction,
  isFreshTime,
} from "#core/security/gate-rules.ts";
import { isSameFactor, type OpenedRecord, type RecordFactor } from "#core/security/opened-record.ts";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";
import { proofOf } from "#core/security/rules/judge.ts";
import { type Proof, sortThings } from "#core/security/rules/things.ts";
import type { ProofFactor, ProofNeed } from "#core/wallet-api/proofs.ts";

/** Seconds that a proof must still count for, so that it does not run out on its way to the gate. */
export const PROOF_MARGIN_SECONDS = 60;

/** What is given the sooner, the earlier it stands: at hand, then waited for, then fetched and plugged in. */
const EASIEST_FIRST: readonly Proof[] = ["P", "A", "E", "C", "S", "W"];

export interface NeedQuestion {
  readonly action: GuardedAction;
  readonly role: ReplaceableRole;
  readonly record: OpenedRecord;
  /** What the session proved, and a wallet that will sign. */
  readonly proofs: readonly FactorProof[];
  /** What the authenticator says of each factor of the record, in the record's order. */
  readonly described: readonly Pick<ProofFactor, "name" | "provider" | "available">[];
  /** Whether the asking device key is an active one of the account. */
  readonly deviceCounts: boolean;
  /** Unix seconds. */
  readonly now: number;
}

/** The factors of a record that prove something, as their owner knows them. */
function provingFactors(
  { factors }: OpenedRecord,
  described: NeedQuestion["described"],
): readonly ProofFactor[] {
  return factors.flatMap((factor: RecordFactor, index): ProofFactor[] => {
    const { type, id } = factor;
    const proof = proofOf(DEFAULT_PROFILE, type);
    if (!proof) return [];
    const known = described[index] ?? { available: false };
    return [{ proof, type, id, ...known, ...(type === "wallet" && { address: toAddress(id) }) }];
  });
}

/** Ways that can be gone, before those that cannot; then the shortest, and of these the easiest. */
function bestFirst(ways: readonly (readonly Proof[])[], factors: readonly ProofFactor[]): Proof[][] {
  const canGive = (proof: Proof) => factors.some((factor) => factor.proof === proof && factor.available);
  const easiest = (a: Proof, b: Proof) => EASIEST_FIRST.indexOf(a) - EASIEST_FIRST.indexOf(b);
  const sorted = ways.map((way) => way.toSorted(easiest));
  const effort = (way: readonly Proof[]) => way.reduce((sum, proof) => sum + EASIEST_FIRST.indexOf(proof), 0);
  return sorted.sort(
    (a, b) =>
      Number(b.every(canGive)) - Number(a.every(canGive)) || a.length - b.length || effort(a) - effort(b),
  );
}

/**
 * What a person still has to prove: by the very rules that the gate asks, so neither less nor more.
 * @returns undefined when what is proven suffices, and will for as long as a request is on its way
 */
export function findNeed(question: NeedQuestion): ProofNeed | undefined {
  const { action, role, record, proofs, described, deviceCounts } = question;
  const now = question.now + PROOF_MARGIN_SECONDS;
  const shortage = findShortage({ action, record, proofs, deviceCounts, now });
  if (!shortage) return undefined;
  const factors = provingFactors(record, described);
  const provenAt = (factor: RecordFactor) =>
    proofs.filter((proof) => isSameFactor(proof, factor)).map((proof) => proof.lastAuthenticatedAt);
  const until = new Map<Proof, number>();
  const stale = new Set<Proof>();
  for (const { proof, type, id } of factors) {
    for (const time of provenAt({ type, id })) {
      if (isFreshTime(time, now, action))
        until.set(proof, Math.max(until.get(proof) ?? 0, endOf(time, action)));
      else stale.add(proof);
    }
  }
  return {
    action,
    role,
    ways: bestFirst("ways" in shortage ? shortage.ways : [], factors),
    given: sortThings(until.keys()).map((proof) => ({ proof, until: until.get(proof) ?? 0 })),
    stale: sortThings([...stale].filter((proof) => !until.has(proof))),
    factors: [...factors],
  };
}

/** Until when a proof of a time is taken, in milliseconds since 1970. */
const endOf = (time: number, action: GuardedAction): number =>
  (time + DEFAULT_PROFILE.actions[action].freshForSeconds - PROOF_MARGIN_SECONDS) * 1000;
