import { p256 } from "@noble/curves/nist.js";
import { concat, hexToBytes, isAddressEqual, size, slice } from "viem/utils";
import type { Key } from "../keys/key.ts";
import type { Address } from "../primitives/address.ts";
import { type Hex, isBytes, NO_SALT } from "../primitives/hex.ts";

/** The public half of a passkey: x and y of its P-256 key, 32 bytes each. */
export type PasskeyPoint = Hex;

/** Whether 64 bytes are a point of the curve, which a key's public half has to be. */
export function isPasskeyPoint(value: unknown): value is PasskeyPoint {
  if (!isBytes(value, 64)) return false;
  try {
    p256.Point.fromBytes(hexToBytes(concat(["0x04", value]))).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/**
 * A passkey as a key of an account (ERC-7913): the contract that checks its signatures (WebAuthnVerifier.sol), then x
 * and y. Not hidden on the chain: whoever comes back from nothing should need the passkey, and no salt besides.
 */
export function keyOfPasskey(verifier: Address, point: PasskeyPoint): Key {
  return { signer: concat([verifier, point]), salt: NO_SALT };
}

/** The passkey's public half, where a key is one that this verifier checks. */
export function pointOfPasskey(
  { signer }: Pick<Key, "signer">,
  verifier: Address | undefined,
): PasskeyPoint | undefined {
  if (verifier === undefined || size(signer) !== 84) return undefined;
  const point = slice(signer, 20);
  return isAddressEqual(slice(signer, 0, 20), verifier) && isPasskeyPoint(point) ? point : undefined;
}
