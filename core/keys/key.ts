import { concat, getAddress, keccak256, size } from "viem/utils";
import { z } from "zod";
import type { Address } from "../primitives/address.ts";
import { type Hex, type KeyId, NO_SALT, isBytes, zHex } from "../primitives/hex.ts";

/**
 * A key as its owner knows it: ERC-7913 signer bytes (20 bytes: an address; more: verifier and public key) and
 * the 32-byte salt that hides it on the chain until its first use.
 */
export interface Key {
  readonly signer: Hex;
  readonly salt: Hex;
}

export const zKey = z.object({
  signer: zHex.refine((value) => size(value) >= 20, "a signer has at least 20 bytes"),
  salt: zHex.refine((value) => isBytes(value, 32), "a salt has 32 bytes"),
});

/** The key of a plain address (an EOA or a contract), not hidden unless a salt is given. */
export function keyOfAddress(address: string, salt: Hex = NO_SALT): Key {
  return { signer: getAddress(address), salt };
}

/** The 32 bytes that the account stores for a key: keccak256(signer, salt). */
export function keyId({ signer, salt }: Key): KeyId {
  return keccak256(concat([signer, salt])) as KeyId;
}

/** The address behind a 20-byte signer, or undefined for a longer ERC-7913 signer. */
export function addressOfKey({ signer }: Key): Address | undefined {
  return size(signer) === 20 ? (getAddress(signer) as Address) : undefined;
}
