import { concat, numberToHex, size } from "viem/utils";
import { type Key, keyId } from "../keys/key.ts";
import { type Hex, NO_SALT } from "../primitives/hex.ts";
import type { Form } from "./typed-data.ts";

/**
 * How a signer signs. `plain`: an address that signs by itself, recovered from r, s, v. `contract`: one that is asked,
 * by ERC-1271 (a Safe) or, with a public key behind its address, by ERC-7913. Length does not tell: a Safe with one
 * owner also answers to 65 bytes.
 */
export const SIGNER_KINDS = ["plain", "contract"] as const;
export type SignerKind = (typeof SIGNER_KINDS)[number];

/** One key's signature over one form of an operation. */
export interface KeySignature {
  readonly key: Key;
  readonly signer: SignerKind;
  readonly form: Form;
  /** 65 bytes (r, s, v) of a plain signer; the contract's own format otherwise. */
  readonly signature: Hex;
}

/** Header bits of a signature as the account reads it. */
const READABLE = 1;
const SALTED = 2;
const CONTRACT_SIGNER = 4;

function encodeOne({ key, signer, form, signature }: KeySignature): Hex {
  const plain = signer === "plain";
  if (plain && (size(key.signer) !== 20 || size(signature) !== 65)) {
    throw new TypeError("a plain signer is an address of 20 bytes, and signs with 65");
  }
  const salted = key.salt !== NO_SALT;
  const header = (form === "readable" ? READABLE : 0) | (salted ? SALTED : 0) | (plain ? 0 : CONTRACT_SIGNER);
  const parts: Hex[] = [numberToHex(header, { size: 1 })];
  if (salted) parts.push(key.salt);
  if (!plain) {
    parts.push(numberToHex(size(key.signer), { size: 2 }), key.signer);
    parts.push(numberToHex(size(signature), { size: 2 }));
  }
  parts.push(signature);
  return concat(parts);
}

/**
 * The `signatures` argument of the account's functions: one entry per key, ascending by key id so that the contract
 * sees a duplicate by comparing neighbours. Each entry: header byte (bit 0 readable form, bit 1 salt follows,
 * bit 2 signer bytes follow), salt, then r, s, v or length-prefixed signer and signature.
 * @throws TypeError when what is said to be plain is not: longer than an address, or not 65 bytes of signature
 */
export function encodeSignatures(signatures: readonly KeySignature[]): Hex {
  const sorted = [...signatures].sort((a, b) => (BigInt(keyId(a.key)) < BigInt(keyId(b.key)) ? -1 : 1));
  return sorted.length === 0 ? "0x" : concat(sorted.map(encodeOne));
}
