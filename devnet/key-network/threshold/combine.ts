import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { field, order, scalarToHex, type Point } from "./curve.ts";
import { ProtocolFault } from "./fault.ts";
import { abscissa, type SignatureShare } from "./signing.ts";

/** An Ethereum signature: 64 hex digits each for r and s (s in the lower half), and 27 or 28. */
export interface Signature {
  readonly r: string;
  readonly s: string;
  readonly v: 27 | 28;
}

/**
 * Adds up signature shares and verifies the result, as the key network's client does.
 * @param digest the 32 signed bytes in hex
 * @throws ProtocolFault when the shares are of different ceremonies or one of them is wrong
 */
export function combine(publicKey: Point, digest: string, shares: readonly SignatureShare[]): Signature {
  const [first, ...others] = shares;
  if (first === undefined) throw new RangeError("There are no signature shares.");
  if (!others.every((other) => other.bigR.equals(first.bigR))) {
    throw new ProtocolFault(undefined, "The signature shares are of different ceremonies.");
  }
  const sum = shares.reduce((total, { share }) => field.add(total, share), field.ZERO);
  const high = sum > order / 2n;
  const odd = first.bigR.toAffine().y % 2n === 1n;
  const r = scalarToHex(abscissa(first.bigR));
  const s = scalarToHex(high ? field.neg(sum) : sum);
  if (!verifies(hexToBytes(r + s), hexToBytes(digest), publicKey)) {
    throw new ProtocolFault(undefined, "At least one signature share is wrong.");
  }
  return { r, s, v: odd === high ? 27 : 28 };
}

function verifies(signature: Uint8Array, digest: Uint8Array, publicKey: Point): boolean {
  return secp256k1.verify(signature, digest, publicKey.toBytes(true), { prehash: false });
}
