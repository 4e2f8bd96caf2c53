import { keccak256, size } from "viem/utils";
import { type Address, toAddress } from "../primitives/address.ts";
import { type Branded, type Hex, isBytes, zHex } from "../primitives/hex.ts";

/** An uncompressed secp256k1 public key: 0x04 and 64 bytes. */
export type PublicKey = Branded<Hex, "PublicKey">;

export const zPublicKey = zHex
  .refine((value) => isBytes(value, 65) && value.startsWith("0x04"), "must be an uncompressed public key")
  .transform((value) => value as PublicKey);

/** The address of a public key: the last 20 bytes of keccak256 of its 64 bytes. */
export function addressOfPublicKey(publicKey: PublicKey): Address {
  if (size(publicKey) !== 65) throw new TypeError("must be an uncompressed public key");
  return toAddress(`0x${keccak256(`0x${publicKey.slice(4)}`).slice(-40)}`);
}
