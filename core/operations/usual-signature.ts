import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "viem/utils";
import type { Hex } from "../primitives/hex.ts";

/** r and s of 32 bytes each, v of one. */
const PLAIN_BYTES = 65;

/**
 * A plain signature as the account takes it: v 27 or 28, s in the lower half of the curve's order. Some wallets count v
 * from 0, a few leave s as it came. Undefined for what is none.
 */
export function usualSignature(signature: Hex): Hex | undefined {
  const bytes = hexToBytes(signature);
  const last = bytes.at(-1);
  if (bytes.length !== PLAIN_BYTES || last === undefined) return undefined;
  const parity = last < 2 ? last : last - 27;
  if (parity !== 0 && parity !== 1) return undefined;
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const { n } = secp256k1.Point.CURVE();
  if (s === 0n || s >= n) return undefined;
  const isHigh = s > n / 2n;
  const lower = (isHigh ? n - s : s).toString(16).padStart(64, "0");
  const v = 27 + (isHigh ? 1 - parity : parity);
  return `0x${signature.slice(2, 66).toLowerCase()}${lower}${v.toString(16)}`;
}
