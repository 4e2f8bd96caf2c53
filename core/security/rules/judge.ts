/** What the gate asks the rules, and what the app asks them before it asks the gate. */
import { CLOCK_SKEW_SECONDS } from "../clock-skew.ts";
import type { Profile, SecurityAction } from "./profile.ts";
import { type Enabled, enabledBy, type Evidence, suffices, waysToSuffice } from "./sufficiency.ts";
import { type FactorKind, type Proof, PROOF_OF_FACTOR, sortThings } from "./things.ts";

/** A factor in the record of a network-held key. */
export interface RegisteredFactor {
  readonly type: FactorKind;
  /** What tells it from the others; only compared. */
  readonly factorId: string;
}

/** A factor with its latest proof. */
export interface FactorProof {
  readonly factorId: string;
  /** Unix seconds. */
  readonly lastAuthenticatedAt: number;
}

/** Who wants what with which proofs. */
export interface Attempt {
  readonly action: SecurityAction;
  /** All factors of the record: what is set up, whether proven or not. */
  readonly enabled: readonly RegisteredFactor[];
  /** What was proven, in whatever order; factors that the record does not hold count for nothing. */
  readonly proven: readonly FactorProof[];
  /** Whether an active device key of the account signed the request. */
  readonly deviceCounts: boolean;
  /** Unix seconds. */
  readonly now: number;
}

/** Why an attempt does not suffice, with what would make it. */
export type Shortage =
  /** No proof replaces the device key. */
  | { readonly reason: "device-key-needed" }
  /** Nothing that was proven belongs to this record. */
  | { readonly reason: "factor-not-registered"; readonly ways: readonly (readonly Proof[])[] }
  /** It would suffice, were these proven anew. */
  | {
      readonly reason: "factor-stale";
      readonly stale: readonly Proof[];
      readonly ways: readonly (readonly Proof[])[];
    }
  /** One of these ways, in addition to what is proven and fresh; none: the action is not allowed at all. */
  | { readonly reason: "factor-missing"; readonly ways: readonly (readonly Proof[])[] };

/**
 * The proof that a factor gives under a profile, if any: credentials that the profile does not count give none.
 */
export function proofOf({ credentials }: Profile, type: FactorKind): Proof | undefined {
  const proof = PROOF_OF_FACTOR[type];
  return proof === "C" && !credentials.includes(type) ? undefined : proof;
}

/** What is set up in a record, as the rules look at it. */
export function enabledIn(profile: Profile, types: readonly FactorKind[]): Enabled {
  return enabledBy(types.map((type) => proofOf(profile, type)).filter((proof) => proof !== undefined));
}

/** Whether a proof counts at a time: not older than the action allows, and not from the future. */
export function isFreshFor(
  profile: Profile,
  action: SecurityAction,
  proof: Pick<FactorProof, "lastAuthenticatedAt">,
  now: number,
): boolean {
  const age = now - proof.lastAuthenticatedAt;
  return age >= -CLOCK_SKEW_SECONDS && age <= profile.actions[action].freshForSeconds;
}

/**
 * Whether proofs suffice for an action with a network-held key.
 * @returns undefined when they do, else what falls short
 */
export function findShortage(profile: Profile, attempt: Attempt): Shortage | undefined {
  const { action, enabled: registered, proven, deviceCounts, now } = attempt;
  const enabled = enabledIn(
    profile,
    registered.map(({ type }) => type),
  );
  const proofsBy = (counts: (proof: FactorProof) => boolean): Set<Proof> =>
    new Set(
      registered
        .filter(({ factorId }) => proven.some((proof) => proof.factorId === factorId && counts(proof)))
        .map(({ type }) => proofOf(profile, type))
        .filter((proof) => proof !== undefined),
    );

  const fresh: Evidence = {
    proofs: proofsBy((proof) => isFreshFor(profile, action, proof, now)),
    device: deviceCounts,
  };
  if (suffices(profile, action, enabled, fresh)) return undefined;
  if (profile.actions[action].device === "needed" && !deviceCounts) return { reason: "device-key-needed" };

  const ways = waysToSuffice(profile, action, enabled, fresh);
  const everything = proofsBy(() => true);
  if (everything.size === 0) return { reason: "factor-not-registered", ways };
  if (suffices(profile, action, enabled, { ...fresh, proofs: everything })) {
    const stale = sortThings([...everything].filter((proof) => !fresh.proofs.has(proof)));
    return { reason: "factor-stale", stale, ways };
  }
  return { reason: "factor-missing", ways };
}
