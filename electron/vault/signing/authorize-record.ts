import { randomUUID } from "node:crypto";
import { WalletError } from "#core/errors/wallet-error.ts";
import { gateUnknown } from "#core/key-network/errors.ts";
import { releaseOf } from "#core/key-network/gate-releases.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Digest, FactorId, GateDigest } from "#core/primitives/hex.ts";
import type { ProvenFactor } from "#core/security/factors.ts";
import { GATE_REASONS } from "#core/security/gate-reasons.ts";
import { isFreshTime } from "#core/security/gate-rules.ts";
import { recordEntries, type RecordFactor } from "#core/security/opened-record.ts";
import { recordDigest } from "#core/security/record.ts";
import { holdsOneEmail, type RecordState } from "#core/security/record-change.ts";
import type { Approvals } from "./approvals.ts";
import { authorizeDigest, type Authorized, type AuthorizeOptions } from "./authorize.ts";
import { recordChangeView } from "./record-view.ts";

interface RecordAuthorization extends Authorized {
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

/** Refuses gates that did not come with Trivet: what such a gate would sign for, nobody here has read. */
function requireShipped(gate: GateDigest): void {
  if (!releaseOf(gate)) throw gateUnknown(gate);
}

/** Authorizes the first record of a new network key: all factors that this session proved, and the gate. */
export async function authorizeFirstRecord(
  { key, account, gate }: { readonly key: Address; readonly account: Address; readonly gate: GateDigest },
  options: AuthorizeOptions,
): Promise<RecordAuthorization & { readonly next: RecordState }> {
  const { session, now } = options;
  requireShipped(gate);
  const factors = freshFactors(session.factors(), Math.floor(now() / 1000));
  const next = { record: { account, factors }, gate };
  if (!holdsOneEmail(next.record)) {
    const { message, whatToDo } = GATE_REASONS["factor-stale"];
    throw new WalletError("factor-stale", message, whatToDo);
  }
  const { digest, entries } = registryForm(next, { key, version: 1n }, options);
  return { ...(await authorizeDigest(digest, options)), next, entries };
}

/** What one record is to become. */
interface Change {
  readonly key: Address;
  readonly role: ReplaceableRole;
  readonly version: bigint;
  readonly from: RecordState;
  readonly to: RecordState;
}

/**
 * Authorizes a change of a network key's record, once the person approved it in the confirm window. The window shows
 * the same change of another key's record along with it, where one is named; authorizing that one asks no more then.
 * @throws WalletError "rejected" when they do not
 */
export async function authorizeRecordChange(
  change: Change & {
    readonly alongside?: Change | undefined;
    /** Signs along on the Ledger, to prove who the person is. */
    readonly wallet?: Address | undefined;
  },
  options: AuthorizeOptions & { readonly approvals: Approvals },
): Promise<RecordAuthorization> {
  const { approvals, config, session } = options;
  if (change.to.gate !== change.from.gate) requireShipped(change.to.gate);
  const { digest, entries } = registryForm(change.to, change, options);
  const nameOf = (factor: RecordFactor) => session.nameOf(factor);
  const { chain } = config;
  const { alongside: second, wallet } = change;
  const alongside = second && { ...second, digest: registryForm(second.to, second, options).digest };
  const view = recordChangeView(change, { id: randomUUID(), digest, alongside, chain, nameOf });
  await approvals.requireView(wallet ? { ...view, wallet } : view);
  return { ...(await authorizeDigest(digest, options, wallet)), entries };
}
