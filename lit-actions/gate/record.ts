import type { SetRecordRequest } from "#core/key-network/gate-request.ts";
import { sameAddress } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { findShortage, type FactorProof, findUnproven } from "#core/security/gate-rules.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { type OpenedRecord, recordEntries } from "#core/security/opened-record.ts";
import { type FactorRecord, recordDigest } from "#core/security/record.ts";
import { classifyChange, holdsOneEmail } from "#core/security/record-change.ts";
import type { Asked } from "./asked.ts";
import { bindingDigest } from "./binding.ts";
import type { Deployment } from "./deployment.ts";
import { findDeviceProblem } from "./keys.ts";
import { walletProofs } from "./wallet.ts";

/** Only the device key that made the key in the network says whose account it is for. */
function requireCreator({ keyCreator, device }: Asked): void {
  if (!keyCreator || !sameAddress(keyCreator, device)) throw new GateRefusal("not-key-creator");
}

/**
 * An authenticator alone, which can forge any session, must not change a record; so an active device key of the
 * account has to ask. Before the account is on the chain, that is the one which created this key.
 */
function requireDevice(asked: Asked): void {
  const { account, time } = asked.chain;
  if (!account) {
    requireCreator(asked);
    return;
  }
  const problem = findDeviceProblem(account, time);
  if (problem) throw new GateRefusal(problem);
}

/**
 * A key's first record names this gate, the canonical one; all it holds was just proven. On a network that remembers no
 * creators, whoever sets it is the first one and counts as the creator.
 */
function checkFirst({ record }: SetRecordRequest, asked: Asked, proofs: readonly FactorProof[]): void {
  if (asked.keyCreator !== undefined) requireCreator(asked);
  if (asked.chain.gates.canonical !== asked.gate) throw new GateRefusal("gate-not-canonical");
  if (record.gate !== asked.gate) throw new GateRefusal("other-gate");
  const unproven = findUnproven(record.factors, proofs, asked.now);
  if (unproven) throw new GateRefusal(unproven);
}

/** A change is a single one; what is new was just proven, and the rules are met for the record as it was. */
function checkChange(
  { record }: SetRecordRequest,
  registered: OpenedRecord,
  asked: Asked,
  proofs: readonly FactorProof[],
): void {
  const { gate, now } = asked;
  const classified = classifyChange({ record: registered, gate }, { record, gate: record.gate });
  if ("problem" in classified) throw new GateRefusal(classified.problem);
  const { change: action, added } = classified;
  requireDevice(asked);
  const shortage = findShortage({ action, record: registered, proofs, deviceCounts: true, now });
  if (shortage) throw new GateRefusal(shortage.reason);
  const unproven = findUnproven(added, proofs, now);
  if (unproven) throw new GateRefusal(unproven);
}

/**
 * Decides what record the network-held key signs: its first one, or one that differs from the registered one in a
 * single way. Whether the gate that it names is a published one, the factor registry checks. Refuses by throwing.
 */
export function decideRecord(
  request: SetRecordRequest,
  asked: Asked,
  deployment: Deployment,
): { digest: Digest; record: FactorRecord } {
  const { record, walletSignature } = request;
  const { key, chain, person, registered, sessionProofs, now } = asked;
  if (chain.account?.isFrozen) throw new GateRefusal("account-frozen");
  if (!holdsOneEmail(record)) throw new GateRefusal("factor-required");
  const next: FactorRecord = {
    key,
    gate: record.gate,
    factors: recordEntries(record, person, deployment.chainId),
    version: chain.record.version + 1n,
  };
  const digest = recordDigest(next, deployment);
  const wallets = walletProofs(walletSignature, bindingDigest(digest, request, deployment), now);
  const proofs = [...sessionProofs, ...wallets];
  if (registered) checkChange(request, registered, asked, proofs);
  else checkFirst(request, asked, proofs);
  return { digest, record: next };
}
