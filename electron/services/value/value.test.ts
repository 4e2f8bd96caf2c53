import { parseEther } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { devnetPriceFeedAbi } from "#contracts/abi.ts";
import type { NetworkConfig, PriceFeedConfig } from "#core/config/network.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { feedAccount } from "#devnet/chain/accounts.ts";
import { createFaucet } from "#devnet/faucet/faucet.ts";
import { type PricedAsset, pricedAssets, startPrices } from "#devnet/prices/prices.ts";
import { startTestChain, type TestChain } from "#devnet/testing/devnet-chain.ts";
import { accountReader } from "../chain/account-reader.ts";
import { createChainClient } from "../chain/client.ts";
import { centsOf, createValue } from "./value.ts";

const SOMEBODY = toAddress("0x00000000000000000000000000000000000A11cE");
const NOBODY = toAddress(`0x${"12".repeat(20)}`);

let chain: TestChain;
let assets: PricedAsset[];
beforeAll(async () => {
  chain = await startTestChain();
  assets = pricedAssets(chain.contracts);
  (await startPrices(chain.clients, assets)).close();
  const tokens = [
    { address: chain.contracts.tusd, symbol: "TUSD", decimals: 6, name: "Trivet Dollar" },
    { address: chain.contracts.tgld, symbol: "TGLD", decimals: 18, name: "Trivet Gold" },
  ];
  const faucet = createFaucet(chain.clients, tokens);
  await faucet({ address: SOMEBODY, token: null, amount: "2.5" });
  await faucet({ address: SOMEBODY, token: chain.contracts.tusd, amount: "100.019999" });
});
afterAll(async () => {
  await chain.close();
});

const feedOf = (index: number, changes: Partial<PriceFeedConfig> = {}): PriceFeedConfig => ({
  address: assets[index]?.feed ?? NOBODY,
  maxAgeSeconds: 86_400,
  ...changes,
});

/** The value of an account whose configuration names these feeds. */
function valueWith(
  native: PriceFeedConfig | undefined,
  tusd: PriceFeedConfig | undefined,
  tgld: Address = chain.contracts.tgld,
) {
  const { clients, contracts } = chain;
  const rpcUrl = clients.reader.transport.url ?? "";
  const client = createChainClient({
    kind: "devnet",
    chain: {
      id: clients.reader.chain.id,
      name: "Test chain",
      rpcUrls: [rpcUrl],
      nativeSymbol: "ETH",
      nativePriceFeed: native,
    },
    tokens: [
      { address: contracts.tusd, symbol: "TUSD", decimals: 6, name: "Trivet Dollar", priceFeed: tusd },
      { address: tgld, symbol: "TGLD", decimals: 18, name: "Trivet Gold" },
    ],
  } as NetworkConfig);
  return createValue(client, accountReader(client));
}

const answer = async (index: number, price: bigint): Promise<void> => {
  await chain.clients.as(feedAccount(index)).writeContract({
    address: feedOf(index).address,
    abi: devnetPriceFeedAbi,
    functionName: "setAnswer",
    args: [price],
    gas: 200_000n,
  });
};

describe("an account's value", () => {
  test("is the sum of its balances at the feeds' prices, cut to whole cents", async () => {
    const { cents, counted, notCounted } = await valueWith(feedOf(0), feedOf(1)).read(SOMEBODY);
    expect(counted.map(({ balance, cents: each }) => [balance.token.symbol, each])).toEqual([
      ["ETH", 125_000n],
      ["TUSD", 10_001n],
    ]);
    expect(cents).toBe(135_001n);
    expect(notCounted).toEqual([]);
  });

  test("names what has no feed, and leaves out what there is nothing of", async () => {
    const { cents, notCounted } = await valueWith(undefined, feedOf(1)).read(SOMEBODY);
    expect(cents).toBe(10_001n);
    expect(notCounted.map(({ token, because }) => [token.address, because])).toEqual([
      [NATIVE_TOKEN, "no-feed"],
    ]);
    expect(await valueWith(undefined, undefined).read(NOBODY)).toEqual({
      cents: 0n,
      counted: [],
      notCounted: [],
    });
  });

  test("names a token that does not answer, and counts the others", async () => {
    // A feed has code and no balances; at the other address there is none.
    for (const tgld of [feedOf(0).address, NOBODY]) {
      const { cents, notCounted } = await valueWith(feedOf(0), feedOf(1), tgld).read(SOMEBODY);
      expect(cents).toBe(135_001n);
      expect(notCounted.map(({ token, because }) => [token.symbol, because])).toEqual([
        ["TGLD", "no-balance"],
      ]);
    }
  });

  test("counts nothing by a feed that is not there, is something else, or lies", async () => {
    const because = async (feed: PriceFeedConfig) =>
      (await valueWith(feed, feedOf(1)).read(SOMEBODY)).notCounted.map((each) => each.because);
    expect(await because(feedOf(0, { address: NOBODY }))).toEqual(["silent"]);
    // A token has decimals and no rounds.
    expect(await because(feedOf(0, { address: chain.contracts.tusd }))).toEqual(["silent"]);
    for (const price of [0n, -500_00000000n, 2n ** 191n]) {
      await answer(0, price);
      expect(await because(feedOf(0))).toEqual(["bad-answer"]);
    }
    await answer(0, 500_00000000n);
    expect(await because(feedOf(0))).toEqual([]);
  });

  test("is not known while the chain is away", async () => {
    const other = await startTestChain();
    const client = createChainClient({
      kind: "devnet",
      chain: { id: 1, name: "x", rpcUrls: [other.clients.reader.transport.url ?? ""], nativeSymbol: "ETH" },
      tokens: [],
    } as unknown as NetworkConfig);
    await other.close();
    await expect(createValue(client, accountReader(client)).read(SOMEBODY)).rejects.toMatchObject({
      code: "chain-unreachable",
    });
  });

  test("of huge amounts at huge prices is exact", () => {
    const largest = { answer: 2n ** 191n - 1n, decimals: 0 };
    expect(centsOf(2n ** 256n - 1n, 0, largest)).toBe((2n ** 256n - 1n) * (2n ** 191n - 1n) * 100n);
    expect(centsOf(parseEther("1"), 18, { answer: 99n, decimals: 4 })).toBe(0n);
    expect(centsOf(parseEther("1"), 18, { answer: 100n, decimals: 4 })).toBe(1n);
  });
});
