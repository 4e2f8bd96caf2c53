import type { AddressProblem } from "#core/primitives/address.ts";
import type { AmountProblem } from "#core/primitives/amount.ts";

/** What is wrong with an address that was typed, and what to do. */
export const ADDRESS_PROBLEM: Record<AddressProblem, string> = {
  "not-an-address": "This is not an address yet. An address is 0x and 40 more characters.",
  "wrong-checksum": "The checksum does not match: at least one character is wrong. Copy the address again.",
  zero: "This is the zero address. Whatever is sent there is lost.",
};

/** What is wrong with an amount that was typed, and what to do. */
export function amountProblem(problem: AmountProblem, decimals: number, symbol: string): string {
  switch (problem) {
    case "not-a-number":
      return "Type a number, with a point for decimals: 12.5";
    case "too-many-decimals":
      return decimals === 0
        ? `${symbol} has no decimals.`
        : `${symbol} has ${decimals} decimals at most. Type fewer digits behind the point.`;
    case "zero":
      return "Type an amount above zero.";
    case "too-large":
      return "This number is too large to exist.";
  }
}
