import { concat, keccak256 } from "viem/utils";
import type { Address } from "../primitives/address.ts";
import type { Digest, FactorId, GateDigest } from "../primitives/hex.ts";
import { type TypedData, typedDataDigest } from "../operations/typed-data.ts";
import type { FactorType, ProvenFactor } from "./factors.ts";
import { type ActionRule, type FactorShortage, isFresh, type SecurityProfile } from "./rules.ts";

/** What the factor registry holds for a network-held key after a change. */
export interface FactorRecord {
  /** The address of the key. */
  readonly key: Address;
  /** The gate that may sign with it. */
  readonly gate: GateDigest;
  /** Factor ids, ascending. */
  readonly factors: readonly FactorId[];
  /** 1 for the first record, then one more with every change. */
  readonly version: bigint;
}

/** Where records are kept. */
export interface RegistryDomain {
  readonly chainId: number;
  readonly factorRegistry: Address;
}

/** Factor ids in the order in which the registry hashes and stores them. */
export function sortFactors(factors: readonly FactorId[]): FactorId[] {
  return [...factors].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
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
      factors: keccak256(concat(sortFactors(record.factors))),
      version: record.version,
    },
  };
}

/** The digest that the key signs to change its record. */
export function recordDigest(record: FactorRecord, domain: RegistryDomain): Digest {
  return typedDataDigest(recordTypedData(record, domain));
}

/**
 * The factors of a session that a record with these types holds: per type the one proven last. Vault and gate both
 * choose by this function, so that they mean the same record.
 * @returns the ids, ascending, or what falls short
 */
export function chooseFactors(
  types: readonly FactorType[],
  proven: readonly ProvenFactor[],
  { profile, rule, now }: { profile: SecurityProfile; rule: ActionRule; now: number },
): { factors: FactorId[] } | { shortage: FactorShortage } {
  if (!profile.recordHolds.every((type) => types.includes(type))) return { shortage: "factor-required" };
  const chosen = new Set<FactorId>();
  for (const type of types) {
    const [latest] = proven
      .filter((factor) => factor.type === type)
      .sort((a, b) => b.lastAuthenticatedAt - a.lastAuthenticatedAt);
    if (!latest) return { shortage: "factor-missing" };
    if (!isFresh(latest, rule, now)) return { shortage: "factor-stale" };
    chosen.add(latest.factorId);
  }
  return { factors: sortFactors([...chosen]) };
}
