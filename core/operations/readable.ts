import { formatAmount } from "../primitives/amount.ts";

/** What a token says about itself; undefined where it says nothing usable. */
export interface TokenTexts {
  readonly symbol?: string | undefined;
  readonly decimals?: number | undefined;
}

/** The longest symbol that is shown; the contract's Readable library has the same bounds. */
export const MAX_SYMBOL_LENGTH = 12;
export const MAX_DECIMALS = 36;

/**
 * The Amount text of the readable form, exactly as the contract rebuilds it: "1.5 ETH"; tokens whose symbol is not
 * 1 to 12 printable ASCII characters without spaces, or with more than 36 decimals, are shown in raw units.
 */
export function readableAmount(amount: bigint, { symbol, decimals }: TokenTexts): string {
  const symbolOk =
    symbol !== undefined && symbol.length <= MAX_SYMBOL_LENGTH && /^[\x21-\x7e]+$/.test(symbol);
  const decimalsOk = decimals !== undefined && decimals >= 0 && decimals <= MAX_DECIMALS;
  return symbolOk && decimalsOk ? `${formatAmount(amount, decimals)} ${symbol}` : `${amount} units`;
}
