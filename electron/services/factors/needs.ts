import { REPLACEABLE_ROLES, type ReplaceableRole } from "#core/keys/role.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { waysToChangeFactors } from "#core/security/authenticator-rule.ts";
import { findShortage, isFreshTime } from "#core/security/gate-rules.ts";
import { isSameFactor, type OpenedRecord, type RecordFactor } from "#core/security/opened-record.ts";
import { PROOF_OF_FACTOR, type Proof } from "#core/security/rules/things.ts";
import type { FactorChangeView } from "#core/wallet-api/factors.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KnownFactors } from "../../vault/enrolment/protocol.ts";
import type { Proofs } from "../proofs/proofs.ts";
import type { VaultClient } from "../vault.ts";
import type { FactorEntry } from "./journal.ts";
import { deletesOld, isWanted, recordChangeOf, releasesFirst } from "./plan.ts";

/** Seconds that a proof must still count for, so that it does not run out on its way to the gate. */
const PROOF_MARGIN_SECONDS = 60;

export interface NeedsOptions {
  readonly vault: VaultClient;
  readonly proofs: Pick<Proofs, "missing">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Needs = NonNullable<FactorChangeView["needs"]>;

const onlyOneKind = () =>
  new WalletError(
    "factors-of-one-kind",
    "The authenticator lets a factor be removed only by who proves two of different kinds, and you have one kind.",
    "Add an authenticator app, a passkey or a phone number first. The old factor could not be removed otherwise.",
  );

/** What people call the factors of a need, and which of them the authenticator still has. */
async function described(
  vault: VaultClient,
  factors: readonly RecordFactor[],
): Promise<ProofNeed["factors"]> {
  const descriptions = await vault.call("describeFactors", { factors: [...factors] });
  return factors.flatMap((factor, index) => {
    const description = descriptions[index];
    return description ? [{ ...factor, proof: PROOF_OF_FACTOR[factor.type], ...description }] : [];
  });
}

async function proofNeed(
  of: Extract<Needs, { kind: "proof" }>["of"],
  entry: FactorEntry,
  ways: readonly (readonly Proof[])[],
  factors: readonly RecordFactor[],
  vault: VaultClient,
): Promise<Needs> {
  const need: ProofNeed = {
    action: recordChangeOf(entry),
    role: "mfa",
    ways: ways.map((way) => [...way]),
    given: [],
    stale: [],
    factors: await described(vault, factors),
  };
  return { kind: "proof", of, need };
}

/** What the authenticator asks before it adds or deletes; undefined when it would agree. */
export async function authenticatorNeed(
  entry: FactorEntry,
  change: "add" | "remove",
  known: KnownFactors,
  { vault, now }: NeedsOptions,
): Promise<Needs | undefined> {
  const waysWith = (factors: readonly RecordFactor[]) =>
    waysToChangeFactors(
      change,
      known.factors
        .filter((one) => factors.some((factor) => isSameFactor(one, factor)))
        .map(({ type }) => type),
      known.standing,
      Math.floor(now() / 1000),
    );
  // What is to go should not vouch for its going: it may be a stranger's, or lost. Only where nothing else would do.
  const { old } = entry;
  const all = known.factors.map(({ type, id }) => ({ type, id }));
  const others = all.filter((factor) => !old || !isSameFactor(factor, old));
  const waysOfOthers = waysWith(others);
  const usable = waysOfOthers?.length === 0 ? all : others;
  const ways = usable === all ? waysWith(all) : waysOfOthers;
  if (!ways) return undefined;
  if (ways.length === 0) throw onlyOneKind();
  return proofNeed("authenticator", entry, ways, usable, vault);
}

/** Everything that is to be proven before a change begins. */
export async function needBefore(
  entry: FactorEntry,
  known: KnownFactors,
  opened: Readonly<Partial<Record<ReplaceableRole, OpenedRecord>>>,
  wallet: Address | undefined,
  options: NeedsOptions,
): Promise<Needs | undefined> {
  const { type, kind, old, added } = entry;
  if (type !== "wallet") {
    const isKnown = old && known.factors.some((factor) => isSameFactor(factor, old));
    const deletes = isKnown && (deletesOld(entry) || releasesFirst(entry));
    const adds = kind !== "remove" && !added;
    const forDeleting = deletes ? await authenticatorNeed(entry, "remove", known, options) : undefined;
    const forAdding = adds ? await authenticatorNeed(entry, "add", known, options) : undefined;
    const need = forDeleting ?? forAdding;
    if (need) return need;
  }
  if (type === "password") return undefined;
  for (const role of REPLACEABLE_ROLES) {
    const record = opened[role];
    if (!record || isWanted(entry, record)) continue;
    const need = await gateNeed(entry, role, record, wallet, options);
    if (need) return need;
  }
  return undefined;
}

/** What the gate asks before it signs a record; undefined when it would agree. */
export async function gateNeed(
  entry: FactorEntry,
  role: ReplaceableRole,
  record: OpenedRecord,
  wallet: Address | undefined,
  options: NeedsOptions,
): Promise<Needs | undefined> {
  const { vault, proofs } = options;
  const need = await proofs.missing(recordChangeOf(entry), role, wallet);
  if (need) return { kind: "proof", of: "gate", need };
  return releasesFirst(entry) && !entry.released
    ? needWithoutOld(entry, record, wallet, options)
    : newFactorNeed(entry, vault, options);
}

/** An app that is released proves nothing any more when the gate is asked: the others have to suffice. */
async function needWithoutOld(
  entry: FactorEntry,
  record: OpenedRecord,
  wallet: Address | undefined,
  { vault, now }: NeedsOptions,
): Promise<Needs | undefined> {
  const at = Math.floor(now() / 1000);
  const others = (await vault.call("factors", undefined)).filter(
    (proof) => !entry.old || !isSameFactor(proof, entry.old),
  );
  // A wallet that signs the request itself is as fresh as that.
  const signs = wallet
    ? [{ type: "wallet", id: wallet.toLowerCase(), lastAuthenticatedAt: at } as const]
    : [];
  const shortage = findShortage({
    action: recordChangeOf(entry),
    record,
    proofs: [...others, ...signs],
    deviceCounts: true,
    now: at + PROOF_MARGIN_SECONDS,
  });
  if (!shortage || !("ways" in shortage)) return undefined;
  const ways = shortage.ways.filter((way) => !way.includes(PROOF_OF_FACTOR[entry.type]));
  return proofNeed("gate", entry, ways, record.factors, vault);
}

/** What a record newly holds has to be proven lately. A wallet proves itself with the request. */
async function newFactorNeed(
  entry: FactorEntry,
  vault: VaultClient,
  { now }: NeedsOptions,
): Promise<Needs | undefined> {
  const { added } = entry;
  if (!added || added.type === "wallet") return undefined;
  const proven = await vault.call("factors", undefined);
  const at = Math.floor(now() / 1000) + PROOF_MARGIN_SECONDS;
  const isFresh = proven.some(
    (proof) => isSameFactor(proof, added) && isFreshTime(proof.lastAuthenticatedAt, at, "add-factor"),
  );
  return isFresh
    ? undefined
    : proofNeed("new-factor", entry, [[PROOF_OF_FACTOR[added.type]]], [added], vault);
}
