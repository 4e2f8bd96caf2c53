import { randomUUID } from "node:crypto";
import { WalletError } from "#core/errors/wallet-error.ts";
import { gateDigest, zGateCid } from "#core/key-network/gate-cid.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Digest, FactorId } from "#core/primitives/hex.ts";
import type { ProvenFactor } from "#core/security/factors.ts";
import { GATE_REASONS } from "#core/security/gate-reasons.ts";
import { isFreshTime } from "#core/security/gate-rules.ts";
import { recordEntries, type RecordFactor } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import { holdsOneEmail, type RecordState } from "#core/security/record-change.ts";
import type { Authorization } from "../protocol.ts";
import type { Approvals } from "./approvals.ts";
import { authorizeDigest, type AuthorizeOptions } from "./authorize.ts";
import { recordChangeView } from "./record-view.ts";

interface RecordAuthorization {
  readonly authorization: Authorization;
  /** What the factor registry will hold. */
  readonly entries: FactorId[];
}

/** A record as the factor registry will hold it, and what its key signs for that. */
function registryForm(
  { record, gate }: RecordState,
  { key, version }: { readonly key: Address; readonly version: bigint },
  { config, session }: AuthorizeOptions,
): { readonly digest: Digest; readonly entries: FactorId[] } {
  const { chain, contracts } = config;
  const entries = recordEntries(record, session.person(), chain.id);
  const digest = recordDigest(
    { key, gate, factors: entries, version },
    { chainId: chain.id, factorRegistry: contracts.factorRegistry },
  );
  return { digest, entries };
}

/** Of each kind the factor proven last, if it still counts. */
function freshFactors(proven: readonly ProvenFactor[], now: number): RecordFactor[] {
  const latestFirst = proven
    .filter(({ lastAuthenticatedAt }) => isFreshTime(lastAuthenticatedAt, now, "add-factor"))
    .sort((a, b) => b.lastAuthenticatedAt - a.lastAuthenticatedAt);
  return latestFirst
    .filter(({ type }, index) => latestFirst.findIndex((other) => other.type === type) === index)
    .map(({ type, id }) => ({ type, id }));
}

/** Authorizes the first record of a new network key: all factors that this session proved, and the app's own gate. */
export async function authorizeFirstRecord(
  { key, account }: { readonly key: Address; readonly account: Address },
  options: AuthorizeOptions,
): Promise<RecordAuthorization & { readonly next: RecordState }> {
  const { config, session, now } = options;
  const factors = freshFactors(session.factors(), Math.floor(now() / 1000));
  const next = { record: { account, factors }, gate: gateDigest(zGateCid.parse(config.gate.cid)) };
  if (!holdsOneEmail(next.record)) {
    const { message, whatToDo } = GATE_REASONS["factor-stale"];
    throw new WalletError("factor-stale", message, whatToDo);
  }
  const { digest, entries } = registryForm(next, { key, version: 1n }, options);
  return { authorization: await authorizeDigest(digest, options), next, entries };
}

/**
 * Authorizes a change of a network key's record, once the person approved it in the confirm window.
 * @throws WalletError "rejected" when they do not
 */
export async function authorizeRecordChange(
  change: {
    readonly key: Address;
    readonly role: ReplaceableRole;
    readonly version: bigint;
    readonly from: RecordState;
    readonly to: RecordState;
  },
  options: AuthorizeOptions & { readonly approvals: Approvals },
): Promise<RecordAuthorization> {
  const { approvals, config, session } = options;
  const { digest, entries } = registryForm(change.to, change, options);
  const nameOf = (factor: RecordFactor) => session.nameOf(factor);
  const { chain } = config;
  await approvals.requireView(recordChangeView(change, { id: randomUUID(), digest, chain, nameOf }));
  return { authorization: await authorizeDigest(digest, options), entries };
}
