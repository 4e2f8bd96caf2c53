import type { Key } from "#core/keys/key.ts";
import type { PublicKey } from "#core/keys/public-key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Digest, Hex } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { FactorRecord } from "#core/security/record.ts";
import type { RecordState } from "#core/security/record-change.ts";

/** A session JWT that the device key bound to one request. */
export interface Authorization {
  readonly jwt: string;
  readonly deviceKey: Key;
  readonly deviceSignature: Hex;
}

/** What every request to the gate names: the network-held key, its role, and who allowed the request. */
export interface GateCall {
  readonly role: ReplaceableRole;
  readonly publicKey: PublicKey;
  readonly authorization: Authorization;
  /** The salt under which the account knows the key; none where the key is not hidden. */
  readonly salt?: Hex | undefined;
  /** A wallet's signature over the same binding, where a wallet is among the factors. */
  readonly walletSignature?: Hex | undefined;
}

/** A signature of a network-held key; it was verified before it is given out. */
export interface NetworkSignature {
  readonly digest: Digest;
  /** 65 bytes: r, s, v. */
  readonly signature: Hex;
  /** Nodes that returned wrong shares and were left out; none where no shares are made. */
  readonly faultyNodes: number[];
}

export interface NetworkStatus {
  readonly nodes: { readonly index: number; readonly isRunning: boolean }[];
  /** How many nodes sign together. */
  readonly needed: number;
}

/**
 * A network that holds keys and signs with them when the gate agrees. An adapter per network; errors are those of
 * core/key-network/errors.ts. Whatever fails can be asked again.
 */
export interface KeyNetwork {
  /** Makes a key; `device` is the device key that is remembered as its creator, where the network remembers one. */
  createKey(device: Address): Promise<{ readonly publicKey: PublicKey; readonly address: Address }>;
  /** Signs an operation in its compact form; `opened` is the key's record as it is registered. */
  signOperation(
    call: GateCall & { readonly opened: OpenedRecord; readonly operation: Operation },
  ): Promise<NetworkSignature>;
  /** Signs the key's next record in the factor registry; `opened` is the registered one, if there is one yet. */
  signRecord(
    call: GateCall & { readonly opened?: OpenedRecord | undefined; readonly next: RecordState },
  ): Promise<NetworkSignature & { readonly record: FactorRecord }>;
  status(): Promise<NetworkStatus>;
  /** Forgets the session that the device key opened, where there is one. */
  forgetSession(): void;
}
