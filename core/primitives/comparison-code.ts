import { concat, hexToBigInt, keccak256, stringToBytes } from "viem/utils";
import type { Hex } from "./hex.ts";

/** Digits of a comparison code, and of one of its groups. */
const DIGITS = 20;
const GROUP = 5;

/**
 * Twenty digits by which people see that two screens mean the same thing, although whatever carried it cannot be trusted:
 * "03141 59265 35897 93238". Digits, because they are read aloud and typed in every language, and none is mistaken for
 * another character; whether they are read to each other or typed into the other computer depends on who stands where.
 * Whoever swaps the thing on its way would have to find another one with the same digits: 2^66 tries.
 * @param parts hashes of what has to be the same at both ends
 */
export function comparisonCode(...parts: readonly Hex[]): string {
  const hash = keccak256(concat([...parts, keccak256(stringToBytes("Trivet comparison code"))]));
  const digits = (hexToBigInt(hash) % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, "0");
  return Array.from({ length: DIGITS / GROUP }, (_, index) =>
    digits.slice(index * GROUP, (index + 1) * GROUP),
  ).join(" ");
}

const plain = (written: string) => written.replaceAll(/[\s-]/gu, "");

/** Whether what a person typed is this code; spaces and dashes do not matter. */
export const isComparisonCode = (typed: string, code: string): boolean => plain(typed) === plain(code);
