import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { Address } from "#core/primitives/address.ts";
import type { FactorId, Hex } from "#core/primitives/hex.ts";
import type { OpenedRecord } from "#core/security/opened-record.ts";
import type { RecordState } from "#core/security/record-change.ts";
import type { Authorization } from "../vault/protocol.ts";

/** The key network as the services see it: a process that holds no key and asks the network for signatures. */
export interface KeyNetworkService {
  /** Makes a new key in the network; nobody ever holds the whole of it. The device key is remembered as its creator. */
  readonly createKey: (device: Address) => Promise<{ publicKey: Hex; address: Address }>;
  /** Signs an operation (compact form) if the gate agrees; names nodes whose shares were wrong and refused. */
  readonly signOperation: (
    request: NetworkKeyCall & { readonly opened: OpenedRecord; readonly operation: Operation },
  ) => Promise<{ signature: Hex; faultyNodes: readonly number[] }>;
  /** Signs a record of the key in the factor registry if the gate agrees: the first one, or a changed one. */
  readonly signRecord: (
    request: NetworkKeyCall & {
      /** The record as it is registered, if there is one yet. */
      readonly opened?: OpenedRecord;
      readonly next: RecordState;
      /** What the registry will hold then, as the vault computed it. */
      readonly expected: readonly FactorId[];
    },
  ) => Promise<{ signature: Hex }>;
}

/** What every request for a network-held key's signature names. */
interface NetworkKeyCall {
  readonly role: ReplaceableRole;
  readonly publicKey: Hex;
  readonly authorization: Authorization;
  /** A wallet's signature over the same binding, where a wallet is among the factors. */
  readonly walletSignature?: Hex;
}
