import { type Address, sameAddress } from "../primitives/address.ts";
import type { FactorId } from "../primitives/hex.ts";
import { accountEntry } from "../security/opened-record.ts";

/** That a record was set, as the factor registry's event tells it. */
export interface RecordSet {
  /** The network-held key. */
  readonly key: Address;
  readonly factors: readonly FactorId[];
}

/**
 * The keys whose latest record names an account: what the key network may hold of it. Anybody can write a record of a
 * key of their own that names somebody else's account, so these are only keys worth asking the account about.
 * @param events in the order of the chain
 */
export function keysNaming<Event extends RecordSet>(
  account: Address,
  chainId: number,
  events: readonly Event[],
): Event[] {
  const entry = accountEntry(chainId, account);
  const latest = events.filter(
    ({ key }, at) => !events.slice(at + 1).some((later) => sameAddress(later.key, key)),
  );
  return latest.filter(({ factors }) => factors.includes(entry));
}
