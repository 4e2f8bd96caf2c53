import type { PriceFeedConfig } from "#core/config/network.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { AccountValue, NoPrice } from "#core/wallet-api/security.ts";
import type { TokenAmount } from "#core/wallet-api/state.ts";
import type { AccountReader } from "../chain/account-reader.ts";
import type { ChainClient } from "../chain/client.ts";
import { type Price, readPrice } from "./price-feed.ts";

type Counted = AccountValue["counted"][number];
type NotCounted = AccountValue["notCounted"][number];

/** What the account is worth. */
export interface Value {
  /** @throws WalletError when the chain cannot be reached */
  readonly read: (account: Address) => Promise<AccountValue>;
}

/** What an amount is worth at a price, in US cents, cut and never rounded up. */
export function centsOf(amount: bigint, tokenDecimals: number, { answer, decimals }: Price): bigint {
  return (amount * answer * 100n) / 10n ** BigInt(tokenDecimals + decimals);
}

/** The account's balances at the prices of the feeds that the configuration names. */
export function createValue(chain: ChainClient, reader: Pick<AccountReader, "balances">): Value {
  const { config } = chain;

  function feedOf(token: Address): PriceFeedConfig | undefined {
    return sameAddress(token, NATIVE_TOKEN)
      ? config.chain.nativePriceFeed
      : config.tokens.find(({ address }) => sameAddress(address, token))?.priceFeed;
  }

  async function priceOf(token: Address): Promise<Price | NoPrice> {
    const feed = feedOf(token);
    return feed ? readPrice(chain, feed) : "no-feed";
  }

  async function valueOf({ token, amount }: TokenAmount): Promise<Counted | NotCounted> {
    if (amount === undefined) return { token, because: "no-balance" };
    const price = await priceOf(token.address);
    if (typeof price === "string") return { token, because: price };
    return { balance: { token, amount }, cents: centsOf(amount, token.decimals, price) };
  }

  return {
    async read(account) {
      const balances = await reader.balances(account);
      const held = await Promise.all(balances.filter(({ amount }) => amount !== 0n).map(valueOf));
      const counted = held.filter((each) => "cents" in each);
      const notCounted = held.filter((each) => "because" in each);
      return { cents: counted.reduce((sum, { cents }) => sum + cents, 0n), counted, notCounted };
    },
  };
}
