import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devnetPriceFeedAbi } from "#contracts/abi.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { startTestChain, type TestChain } from "../testing/devnet-chain.ts";
import { type PricedAsset, pricedAssets, startPrices } from "./prices.ts";

let chain: TestChain;
let assets: PricedAsset[];
beforeAll(async () => {
  chain = await startTestChain();
  assets = pricedAssets(chain.contracts);
});
afterAll(async () => {
  await chain.close();
});

const roundOf = ({ feed }: PricedAsset) =>
  chain.clients.reader.readContract({
    address: feed,
    abi: devnetPriceFeedAbi,
    functionName: "latestRoundData",
  });

describe("the devnet's price feeds", () => {
  it("are put onto a chain that was made before there were any, and keep their prices over a restart", async () => {
    const first = await startPrices(chain.clients, assets);
    expect(first.all().map(({ symbol, dollars }) => [symbol, dollars])).toEqual([
      ["ETH", "500"],
      ["TUSD", "1"],
      ["TGLD", "2000"],
    ]);
    await first.set({ token: null, dollars: "612.5" });
    first.close();
    const second = await startPrices(chain.clients, assets);
    expect(second.all()[0]).toEqual({ token: NATIVE_TOKEN, symbol: "ETH", dollars: "612.5" });
    second.close();
    for (const { feed } of assets) {
      expect(await chain.clients.reader.getTransactionCount({ address: feed })).toBe(1);
    }
  });

  it("answer anew without another price", async () => {
    const prices = await startPrices(chain.clients, assets);
    const before = await Promise.all(assets.map(roundOf));
    await prices.refresh();
    const after = await Promise.all(assets.map(roundOf));
    prices.close();
    expect(after.map(([round]) => round)).toEqual(before.map(([round]) => round + 1n));
    expect(after.map(([, answer]) => answer)).toEqual(before.map(([, answer]) => answer));
  });

  it("take only what is a price, of what has a feed", async () => {
    const prices = await startPrices(chain.clients, assets);
    for (const dollars of ["", "0", "-1", "1.123456789", "10000001", "a lot"]) {
      await expect(prices.set({ token: null, dollars }), dollars).rejects.toThrow(/price/);
    }
    const nothing = toAddress(`0x${"12".repeat(20)}`);
    await expect(prices.set({ token: nothing, dollars: "1" })).rejects.toThrow("There is no price feed");
    prices.close();
  });
});
