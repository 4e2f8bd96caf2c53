import type { SignOperationRequest } from "#core/key-network/gate-request.ts";
import { ROLE_NUMBER } from "#core/keys/role.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { Digest } from "#core/primitives/hex.ts";
import type { ProvenFactor } from "#core/security/factors.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { DEFAULT_PROFILE, findShortage } from "#core/security/rules.ts";
import type { Deployment } from "./deployment.ts";
import type { AccountKey, ChainState } from "./registry.ts";

const isPending = (key: AccountKey, time: number): boolean => key.activeFrom > time;
const isExpired = (key: AccountKey, time: number): boolean => key.expires !== 0 && key.expires <= time;

/** Checks, by the chain's time, that both keys have their roles on the account and are active. */
function checkKeys({ keys, time }: ChainState, role: SignOperationRequest["role"]): void {
  if (!keys) throw new GateRefusal("account-not-deployed");
  const { device, network } = keys;
  if (device.role !== ROLE_NUMBER.device) throw new GateRefusal("device-key-unknown");
  if (isPending(device, time)) throw new GateRefusal("device-key-pending");
  if (isExpired(device, time)) throw new GateRefusal("device-key-expired");
  if (network.role !== ROLE_NUMBER[role]) throw new GateRefusal("network-key-unknown");
  if (isPending(network, time) || isExpired(network, time)) throw new GateRefusal("network-key-inactive");
}

/** The digest of the operation, recomputed from its fields: network-held keys sign the compact form. */
export function digestOfOperation({ operation, form }: SignOperationRequest, deployment: Deployment): Digest {
  return operationDigest(operation, form, deployment);
}

/**
 * Decides whether the network-held key signs an operation; refuses by throwing.
 * @param now Unix seconds
 */
export function checkOperation(
  request: SignOperationRequest,
  chain: ChainState,
  proven: readonly ProvenFactor[],
  now: number,
): void {
  checkKeys(chain, request.role);
  const rule = DEFAULT_PROFILE.actions["sign-operation"];
  const shortage = findShortage(rule, chain.record.factors, proven, now);
  if (shortage) throw new GateRefusal(shortage);
}
