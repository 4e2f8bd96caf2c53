import { z } from "zod";
import { devnetPriceFeedAbi } from "#contracts/abi.ts";
import { readArtifact, SOURCES } from "#contracts/artifacts.ts";
import { type Address, NATIVE_TOKEN, sameAddress, toAddress, zAddress } from "#core/primitives/address.ts";
import { formatAmount, parseAmount } from "#core/primitives/amount.ts";
import { getContractAddress } from "viem/utils";
import { feedAccount } from "../chain/accounts.ts";
import type { ChainClients } from "../chain/client.ts";
import { revertDataOf } from "../chain/revert.ts";
import { createQueue } from "../supervisor/queue.ts";

/** Digits behind the point of a price, as in Chainlink's feeds in US dollars. */
const PRICE_DECIMALS = 8;
/** So that a slip of the finger does not make every other figure unreadable. */
const MAX_DOLLARS = 10_000_000n;
/** More than an answer needs. An estimate of the same second as the last answer would be too low a second later. */
const GAS = 200_000n;

/** An answer older than this is no price any more (seconds): what Chainlink's slower feeds promise. */
export const MAX_PRICE_AGE = 86_400;
/** So often the feeds answer anew, whether a price changed or not. */
const HEARTBEAT_MS = (MAX_PRICE_AGE * 1000) / 2;

/** An asset whose price there is. */
export interface PricedAsset {
  /** The zero address is ETH. */
  readonly token: Address;
  readonly symbol: string;
  readonly feed: Address;
  /** What one costs until somebody sets another price. */
  readonly firstPrice: string;
}

/** Sets what one unit of an asset costs in US dollars. */
export const zPriceRequest = z.strictObject({ token: zAddress.nullable(), dollars: z.string() });
export type PriceRequest = z.output<typeof zPriceRequest>;

/** The price cannot be set; the message says what would be right. */
export class PriceError extends Error {
  override readonly name = "PriceError";
}

/**
 * Where the feeds of the devnet are. Each belongs to an account of its own and is the first thing that account does,
 * so that the addresses are the same on every devnet, one made before there were feeds included.
 */
export function pricedAssets(tokens: { readonly tusd: Address; readonly tgld: Address }): PricedAsset[] {
  const assets = [
    { token: NATIVE_TOKEN, symbol: "ETH", firstPrice: "500" },
    { token: tokens.tusd, symbol: "TUSD", firstPrice: "1" },
    { token: tokens.tgld, symbol: "TGLD", firstPrice: "2000" },
  ];
  return assets.map((asset, index) => ({
    ...asset,
    feed: toAddress(getContractAddress({ from: feedAccount(index).address, nonce: 0n })),
  }));
}

export interface Prices {
  /** What one unit costs now: decimal, in US dollars. Nobody else answers, so nothing is asked of the chain. */
  readonly all: () => { token: Address; symbol: string; dollars: string }[];
  readonly set: (request: PriceRequest) => Promise<void>;
  /** Answers anew with the same prices: they are as old as the last answer. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
}

/** Puts the feeds on the chain where they are not there yet, and keeps them answering. */
export async function startPrices(clients: ChainClients, assets: readonly PricedAsset[]): Promise<Prices> {
  const inTurn = createQueue();
  const current = new Map<PricedAsset, bigint>();

  /** The price from last time, or the first one of a feed that never answered. */
  async function latest({ feed, firstPrice }: PricedAsset): Promise<bigint> {
    const read = { address: feed, abi: devnetPriceFeedAbi, functionName: "latestRoundData" } as const;
    const round = await clients.reader.readContract(read).catch((error: unknown) => {
      if (revertDataOf(error) === undefined) throw error;
      return undefined;
    });
    return round?.[1] ?? priceOf(firstPrice);
  }

  async function answer(asset: PricedAsset, price: bigint): Promise<void> {
    await clients.as(feedAccount(assets.indexOf(asset))).writeContract({
      address: asset.feed,
      abi: devnetPriceFeedAbi,
      functionName: "setAnswer",
      args: [price],
      gas: GAS,
    });
    current.set(asset, price);
  }

  async function deploy({ feed, symbol }: PricedAsset, index: number): Promise<void> {
    if (await clients.reader.getCode({ address: feed })) return;
    const { abi, bytecode } = await readArtifact("DevnetPriceFeed", SOURCES.DevnetPriceFeed);
    const hash = await clients
      .as(feedAccount(index))
      .deployContract({ abi, bytecode, args: [`${symbol} / USD`], nonce: 0 });
    await clients.reader.waitForTransactionReceipt({ hash });
  }

  const refresh = () =>
    inTurn(async () => {
      for (const asset of assets) {
        await answer(asset, current.get(asset) ?? (await latest(asset)));
      }
    });

  for (const [index, asset] of assets.entries()) await deploy(asset, index);
  await refresh();
  // A chain that is away comes back, and the next heartbeat with it.
  const heartbeat = setInterval(() => void refresh().catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();

  return {
    all: () =>
      [...current].map(([{ token, symbol }, price]) => ({
        token,
        symbol,
        dollars: formatAmount(price, PRICE_DECIMALS),
      })),
    set: ({ token, dollars }) =>
      inTurn(async () => {
        const asset = assets.find((one) => sameAddress(one.token, token ?? NATIVE_TOKEN));
        if (!asset) throw new PriceError(`There is no price feed for ${String(token)}.`);
        await answer(asset, priceOf(dollars));
      }),
    refresh,
    close: () => {
      clearInterval(heartbeat);
    },
  };
}

function priceOf(dollars: string): bigint {
  const parsed = parseAmount(dollars, PRICE_DECIMALS);
  if ("problem" in parsed) {
    throw new PriceError(
      `"${dollars}" is not a price: write digits above zero, a point, at most ${PRICE_DECIMALS} digits more.`,
    );
  }
  if (parsed.amount > MAX_DOLLARS * 10n ** BigInt(PRICE_DECIMALS)) {
    throw new PriceError(`A price is at most ${MAX_DOLLARS} dollars.`);
  }
  return parsed.amount;
}
