/** What the account's keys may do, by the chain's time. */
import { type ReplaceableRole, ROLE_NUMBER } from "#core/keys/role.ts";
import { type GateReason, GateRefusal } from "#core/security/gate-reasons.ts";
import type { AccountKey, AccountState } from "./registry.ts";

const isPending = (key: AccountKey, time: number): boolean => key.activeFrom > time;
const isExpired = (key: AccountKey, time: number): boolean => key.expires !== 0 && key.expires <= time;

/** Why a device key does not count as one of the account's; undefined when it does. */
export function findDeviceProblem(
  { device }: AccountState,
  time: number,
): Extract<GateReason, `device-key-${string}`> | undefined {
  if (device.role !== ROLE_NUMBER.device) return "device-key-unknown";
  if (isPending(device, time)) return "device-key-pending";
  return isExpired(device, time) ? "device-key-expired" : undefined;
}

/** Refuses unless the network-held key has its role on the account and is active. */
export function requireNetworkKey({ network }: AccountState, role: ReplaceableRole, time: number): void {
  if (network.role !== ROLE_NUMBER[role]) throw new GateRefusal("network-key-unknown");
  if (isPending(network, time) || isExpired(network, time)) throw new GateRefusal("network-key-inactive");
}
