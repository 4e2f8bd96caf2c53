import type { SetRecordRequest } from "#core/key-network/gate-request.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import type { ProvenFactor } from "#core/security/factors.ts";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { chooseFactors, type FactorRecord } from "#core/security/record.ts";
import { DEFAULT_PROFILE, findShortage } from "#core/security/rules.ts";
import type { RegisteredRecord } from "./registry.ts";

/**
 * Decides what record the network-held key signs: the first one, or the next version of the one it has. Refuses by
 * throwing.
 *
 * Only the device key that created the network-held key may ask, because the account does not exist yet when the
 * first record is made, and because anybody can create an account that names somebody else's keys: being a device
 * key of some account with this key proves nothing.
 */
export function nextRecord(
  request: SetRecordRequest,
  context: {
    readonly key: Address;
    readonly gate: GateDigest;
    readonly device: Address;
    readonly keyCreator: string | null;
    readonly registered: RegisteredRecord;
    readonly proven: readonly ProvenFactor[];
    /** Unix seconds. */
    readonly now: number;
  },
): FactorRecord {
  const { key, gate, device, keyCreator, registered, proven, now } = context;
  if (keyCreator === null || !sameAddress(keyCreator, device)) throw new GateRefusal("not-key-creator");
  const rule = DEFAULT_PROFILE.actions["set-record"];
  if (registered.version > 0n) {
    const shortage = findShortage(rule, registered.factors, proven, now);
    if (shortage) throw new GateRefusal(shortage);
  }
  const chosen = chooseFactors(request.record.factors, proven, { profile: DEFAULT_PROFILE, rule, now });
  if ("shortage" in chosen) throw new GateRefusal(chosen.shortage);
  return { key, gate, factors: chosen.factors, version: registered.version + 1n };
}
