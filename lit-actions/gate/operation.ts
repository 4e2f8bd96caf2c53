import type { SignOperationRequest } from "#core/key-network/gate-request.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { sameAddress } from "#core/primitives/address.ts";
import type { Digest } from "#core/primitives/hex.ts";
import { WHILE_FROZEN } from "#core/policy/policy.ts";
import { findShortage, type GuardedAction } from "#core/security/gate-rules.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import type { Asked } from "./asked.ts";
import { bindingDigest } from "./binding.ts";
import type { Deployment } from "./deployment.ts";
import { findDeviceProblem, requireNetworkKey } from "./keys.ts";
import { isRecoveryOfOneself, namesDevice } from "./new-device.ts";
import type { AccountState } from "./registry.ts";
import { walletProofs } from "./wallet.ts";

const ACTION = {
  mfa: "sign-with-mfa-key",
  recovery: "sign-with-recovery-key",
} as const satisfies Record<ReplaceableRole, GuardedAction>;

/** Whether the asking device key is an active one of the account; refuses where it would have to be. */
function deviceCounts(request: SignOperationRequest, asked: Asked, account: AccountState): boolean {
  const problem = findDeviceProblem(account, asked.chain.time);
  if (!problem) return true;
  if (!isRecoveryOfOneself(request)) throw new GateRefusal(problem);
  if (!namesDevice(asked.sessionWallets, asked.device, asked.now)) throw new GateRefusal("device-not-named");
  return false;
}

/**
 * Decides whether the network-held key signs an operation; refuses by throwing.
 * @returns the digest to sign, recomputed from the operation's fields
 */
export function decideOperation(request: SignOperationRequest, asked: Asked, deployment: Deployment): Digest {
  const { operation, form, role, walletSignature } = request;
  const { registered: record, chain, sessionProofs, now } = asked;
  if (!record) throw new GateRefusal("no-record");
  if (!sameAddress(operation.account, record.account)) throw new GateRefusal("other-account");
  if (!chain.account) throw new GateRefusal("account-not-deployed");
  const counts = deviceCounts(request, asked, chain.account);
  requireNetworkKey(chain.account, role, chain.time);
  const isStill = ![...WHILE_FROZEN].some((kind) => kind === operation.kind);
  if (chain.account.isFrozen && isStill) throw new GateRefusal("account-frozen");

  const digest = operationDigest(operation, form, deployment);
  const wallets = walletProofs(walletSignature, bindingDigest(digest, request, deployment), now);
  const proofs = [...sessionProofs, ...wallets];
  const shortage = findShortage({ action: ACTION[role], record, proofs, deviceCounts: counts, now });
  if (shortage) throw new GateRefusal(shortage.reason);
  return digest;
}
