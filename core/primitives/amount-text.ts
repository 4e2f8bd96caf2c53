import { formatAmount } from "./amount.ts";

/** What an amount's text needs to know of its token. */
export interface Denomination {
  readonly symbol: string;
  readonly decimals: number;
}

/** Thousands separated by commas in the whole part; the fraction is left as it is. */
function group(decimal: string): string {
  const [whole = "0", fraction] = decimal.split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Every digit of an amount, thousands grouped: "1,234.5". */
export function exactAmount(amount: bigint, decimals: number): string {
  return group(formatAmount(amount, decimals));
}

/** Every digit and the symbol: "1,234.5 TUSD". */
export function exactTokenAmount(amount: bigint, token: Denomination): string {
  return `${exactAmount(amount, token.decimals)} ${token.symbol}`;
}

/** How many digits behind the point lists show. */
const SHORT_DECIMALS = 6;

/**
 * An amount short enough for a list. Digits are cut, never rounded up: a list must not promise more than there is.
 * A cut amount ends in "…"; one that would show only zeros becomes "<0.000001".
 */
export function shortAmount(amount: bigint, decimals: number): string {
  const exact = exactAmount(amount, decimals);
  const [whole = "0", fraction = ""] = exact.split(".");
  if (fraction.length <= SHORT_DECIMALS) return exact;
  const cut = fraction.slice(0, SHORT_DECIMALS);
  if (whole === "0" && /^0+$/.test(cut)) return `<0.${"0".repeat(SHORT_DECIMALS - 1)}1`;
  return `${whole}.${cut}…`;
}
