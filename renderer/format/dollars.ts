const whole = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 0,
});
const exact = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/** US cents as dollars and cents: "$1,234.50". Amounts too large for cents lose them. */
export function formatCents(cents: bigint): string {
  return cents > BigInt(Number.MAX_SAFE_INTEGER)
    ? whole.format(cents / 100n)
    : exact.format(Number(cents) / 100);
}

/** A round sum: "$10,000". */
export const formatDollars = (dollars: number): string => whole.format(dollars);

/** US cents as dollars, for a comparison. */
export const dollarsOf = (cents: bigint): number => Number(cents) / 100;
