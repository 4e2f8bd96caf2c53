/** Keys and signatures of secp256k1, as Ethereum uses them. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex, hexToBytes } from "viem/utils";
import { addressOfPublicKey, type PublicKey, zPublicKey } from "#core/keys/public-key.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Digest, type Hex, isBytes } from "#core/primitives/hex.ts";

const asPublicKey = (bytes: Uint8Array): PublicKey => zPublicKey.parse(bytesToHex(bytes));

export const publicKeyOf = (privateKey: Hex): PublicKey =>
  asPublicKey(secp256k1.getPublicKey(hexToBytes(privateKey), false));

export const addressOfPrivateKey = (privateKey: Hex): Address => addressOfPublicKey(publicKeyOf(privateKey));

/** 65 bytes r, s, v (27 or 28); low s, and a nonce that follows from digest and key (RFC 6979). */
export function signDigest(digest: Digest, privateKey: Hex): Hex {
  const options = { prehash: false, lowS: true, format: "recovered" } as const;
  const [recovery = 0, ...rs] = secp256k1.sign(hexToBytes(digest), hexToBytes(privateKey), options);
  return bytesToHex(Uint8Array.from([...rs, 27 + recovery]));
}

/** v as signatures have it, and which of two points it names. */
const RECOVERY: ReadonlyMap<number | undefined, number> = new Map([
  [0, 0],
  [1, 1],
  [27, 0],
  [28, 1],
]);

/**
 * Whose signature of a hash it is; undefined when it is nobody's.
 * @param signature 65 bytes r, s, v, with v 27 or 28, or 0 or 1
 */
export function recoverSigner(hash: Hex, signature: Hex): Address | undefined {
  const bytes = isBytes(signature, 65) ? hexToBytes(signature) : undefined;
  const recovery = RECOVERY.get(bytes?.at(64));
  if (!bytes || recovery === undefined) return undefined;
  try {
    const signed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64)).addRecoveryBit(recovery);
    return addressOfPublicKey(asPublicKey(signed.recoverPublicKey(hexToBytes(hash)).toBytes(false)));
  } catch {
    // Numbers that are on no curve.
    return undefined;
  }
}
