import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Operation } from "#core/operations/operation.ts";
import type { Address } from "#core/primitives/address.ts";
import type { FactorId, GateDigest, Hex } from "#core/primitives/hex.ts";
import type { FactorType } from "#core/security/factors.ts";
import type { Authorization } from "../vault/protocol.ts";

/** The key network as the services see it: a process that holds no key and asks the network for signatures. */
export interface KeyNetworkService {
  /** Makes a new key in the network; nobody ever holds the whole of it. The device key is remembered as its creator. */
  readonly createKey: (device: Address) => Promise<{ publicKey: Hex; address: Address }>;
  /** Signs an operation (compact form) if the gate agrees; names nodes whose shares were wrong and refused. */
  readonly signOperation: (request: {
    readonly operation: Operation;
    readonly role: ReplaceableRole;
    readonly publicKey: Hex;
    readonly authorization: Authorization;
  }) => Promise<{ signature: Hex; faultyNodes: readonly number[] }>;
  /** Signs the first record of a new key in the factor registry if the gate agrees. */
  readonly signRecord: (request: {
    readonly role: ReplaceableRole;
    readonly publicKey: Hex;
    readonly types: readonly FactorType[];
    readonly authorization: Authorization;
    /** What the record must say. */
    readonly expected: { readonly gate: GateDigest; readonly factors: readonly FactorId[] };
  }) => Promise<{ signature: Hex }>;
}
