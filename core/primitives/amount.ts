import { formatUnits, parseUnits } from "viem/utils";
import { z } from "zod";

/** An unsigned 256-bit number as it crosses JSON: a decimal string. */
export const zUint256String = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, "must be a whole number in decimal digits")
  .transform((text) => BigInt(text))
  .refine((value) => value < 2n ** 256n, "must be below 2^256");

/** An unsigned 256-bit number in memory. */
export const zUint256 = z.bigint().refine((value) => value >= 0n && value < 2n ** 256n, "must be a uint256");

export type AmountProblem = "not-a-number" | "too-many-decimals" | "zero" | "too-large";

/**
 * Parses an amount that a person typed ("1.5", "1,5" is refused) into the token's smallest unit.
 * @param decimals the token's decimals; more digits behind the point are refused, never rounded
 */
export function parseAmount(text: string, decimals: number): { amount: bigint } | { problem: AmountProblem } {
  const trimmed = text.trim();
  const match = /^(\d{1,60})(?:\.(\d*))?$|^\.(\d+)$/.exec(trimmed);
  if (!match) return { problem: "not-a-number" };
  const fraction = (match[2] ?? match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return { problem: "too-many-decimals" };
  const amount = parseUnits(trimmed.startsWith(".") ? `0${trimmed}` : trimmed, decimals);
  if (amount === 0n) return { problem: "zero" };
  return amount < 2n ** 256n ? { amount } : { problem: "too-large" };
}

/** An amount as plain decimal digits, trailing zeros trimmed: formatAmount(1500000n, 6) = "1.5". */
export function formatAmount(amount: bigint, decimals: number): string {
  return formatUnits(amount, decimals);
}
