import { isHex, size } from "viem/utils";
import { z } from "zod";

declare const brand: unique symbol;
/** A value that was checked to be a `Name`; plain values cannot be passed where one is expected. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Bytes as 0x-prefixed, even-length hexadecimal. */
export type Hex = `0x${string}`;

/** 32 bytes that name a key: keccak256(signer, salt). */
export type KeyId = Branded<Hex, "KeyId">;
/** The 32 bytes that a key signs. */
export type Digest = Branded<Hex, "Digest">;
/** The 32 bytes by which the schedule knows an operation: the hashStruct of its compact form. */
export type OperationId = Branded<Hex, "OperationId">;
/** The sha2-256 digest (32 bytes) inside a gate's CIDv0. */
export type GateDigest = Branded<Hex, "GateDigest">;
/** keccak256 of a factor's issuer, subject, type and id (32 bytes). */
export type FactorId = Branded<Hex, "FactorId">;
/** The hash of a transaction (32 bytes). */
export type TransactionHash = Branded<Hex, "TransactionHash">;

/** Whether a string is even-length hex of exactly `bytes` bytes (any length when left out). */
export function isBytes(value: unknown, bytes?: number): value is Hex {
  return (
    isHex(value, { strict: true }) && value.length % 2 === 0 && (bytes === undefined || size(value) === bytes)
  );
}

/** Schema of hex bytes of any length. */
export const zHex = z.custom<Hex>((value) => isBytes(value), "must be 0x-prefixed hexadecimal bytes");

const bytes32 = <T extends Hex>(name: string) =>
  z.custom<T>((value) => isBytes(value, 32), `${name} must be 32 bytes of 0x-prefixed hexadecimal`);

export const zBytes32 = bytes32<Hex>("value");
export const zKeyId = bytes32<KeyId>("key id");
export const zDigest = bytes32<Digest>("digest");
export const zOperationId = bytes32<OperationId>("operation id");
export const zGateDigest = bytes32<GateDigest>("gate digest");
export const zFactorId = bytes32<FactorId>("factor id");
export const zTransactionHash = bytes32<TransactionHash>("transaction hash");

/** A salt of 32 zero bytes: the key is not hidden. */
export const NO_SALT: Hex = `0x${"00".repeat(32)}`;
