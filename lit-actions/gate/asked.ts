/** Everything a decision is made from; nothing in it is believed without having been checked. */
import type { Address } from "#core/primitives/address.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import type { FactorProof } from "#core/security/gate-rules.ts";
import type { OpenedRecord, Person } from "#core/security/opened-record.ts";
import type { SessionWallet } from "./new-device.ts";
import type { ChainState } from "./registry.ts";

export interface Asked {
  /** The network-held key. */
  readonly key: Address;
  /** The gate that runs. */
  readonly gate: GateDigest;
  /** The device key that asks. */
  readonly device: Address;
  /**
   * The device key that created the network-held key; null when the network does not know the key, undefined when it
   * remembers no creators.
   */
  readonly keyCreator: string | null | undefined;
  readonly chain: ChainState;
  /** The key's registered record; undefined when it has none yet. */
  readonly registered: OpenedRecord | undefined;
  /** Whose session it is. */
  readonly person: Person;
  /** What the session proved. */
  readonly sessionProofs: readonly FactorProof[];
  /** Wallets that the authenticator vouches for: they name a new device, and prove no factor. */
  readonly sessionWallets: readonly SessionWallet[];
  /** Unix seconds. */
  readonly now: number;
}
