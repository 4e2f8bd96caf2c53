import { concat, keccak256 } from "viem/utils";
import type { Address } from "../primitives/address.ts";
import type { Digest, FactorId, GateDigest } from "../primitives/hex.ts";
import { type TypedData, typedDataDigest } from "../operations/typed-data.ts";
import { sortEntries } from "./opened-record.ts";

/** What the factor registry holds for a network-held key after a change. */
export interface FactorRecord {
  /** The address of the key. */
  readonly key: Address;
  /** The gate that may sign with it. */
  readonly gate: GateDigest;
  /** The account's entry and the ids of the factors, ascending (opened-record.ts). */
  readonly factors: readonly FactorId[];
  /** 1 for the first record, then one more with every change. */
  readonly version: bigint;
}

/** Where records are kept. */
export interface RegistryDomain {
  readonly chainId: number;
  readonly factorRegistry: Address;
}

/** The typed data by which a key allows a change of its own record. */
export function recordTypedData(
  record: FactorRecord,
  { chainId, factorRegistry }: RegistryDomain,
): TypedData {
  return {
    domain: { name: "Trivet Factor Registry", version: "1", chainId, verifyingContract: factorRegistry },
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "version", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      SetRecord: [
        { name: "key", type: "address" },
        { name: "gate", type: "bytes32" },
        { name: "factors", type: "bytes32" },
        { name: "version", type: "uint256" },
      ],
    },
    primaryType: "SetRecord",
    message: {
      key: record.key,
      gate: record.gate,
      factors: keccak256(concat(sortEntries(record.factors))),
      version: record.version,
    },
  };
}

/** The digest that the key signs to change its record. */
export function recordDigest(record: FactorRecord, domain: RegistryDomain): Digest {
  return typedDataDigest(recordTypedData(record, domain));
}
