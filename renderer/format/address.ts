import type { Address } from "#core/primitives/address.ts";

/** The 40 digits of an address in ten groups of four. */
export function addressGroups(address: Address): string[] {
  return address.slice(2).match(/.{4}/g) ?? [];
}

/** An address where there is no room for it and nothing depends on it: "0x123456…abcdef". */
export function shortAddress(address: Address): string {
  return `${address.slice(0, 8)}…${address.slice(-6)}`;
}

/** Hex bytes in groups of four characters, "0x" apart, for comparing with another screen. */
export function hexGroups(hex: string): string[] {
  return hex.replace(/^0x/, "").match(/.{1,4}/g) ?? [];
}
