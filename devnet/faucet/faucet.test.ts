import { erc20Abi, parseEther } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSigner } from "#contracts/testing/world.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { TestChain } from "../testing/devnet-chain.ts";
import { startTestChain } from "../testing/devnet-chain.ts";
import type { Faucet } from "./faucet.ts";
import { createFaucet, FaucetError } from "./faucet.ts";

let chain: TestChain;
let faucet: Faucet;

beforeAll(async () => {
  chain = await startTestChain();
  const { tusd, tgld } = chain.contracts;
  faucet = createFaucet(chain.clients, [
    { address: tusd, symbol: "TUSD", decimals: 6, name: "Trivet Dollar" },
    { address: tgld, symbol: "TGLD", decimals: 18, name: "Trivet Gold" },
  ]);
});
afterAll(async () => chain.close());

describe("the faucet", () => {
  it("gives ETH and tokens in whole units, also to several at once", async () => {
    const holders = [newSigner(), newSigner()].map(({ account }) => toAddress(account.address));
    await Promise.all(
      holders.flatMap((address) => [
        faucet({ address, token: null, amount: "1.5" }),
        faucet({ address, token: chain.contracts.tusd, amount: "250.01" }),
      ]),
    );
    for (const address of holders) {
      expect(await chain.clients.reader.getBalance({ address })).toBe(parseEther("1.5"));
      const balance = chain.clients.reader.readContract({
        address: chain.contracts.tusd,
        abi: erc20Abi,
        functionName: "balanceOf",
        args: [address],
      });
      expect(await balance).toBe(250_010_000n);
    }
  });

  it("says what is wrong with an amount or a token it cannot give", async () => {
    const address = toAddress(newSigner().account.address);
    const { tusd, staking } = chain.contracts;
    for (const [token, amount, message] of [
      [null, "-1", /not an amount/],
      [null, "1,5", /not an amount/],
      [null, "1000001", /at most 1000000/],
      [tusd, "0.0000001", /at most 6 digits/],
      [staking, "1", /no token/],
    ] as const) {
      await expect(faucet({ address, token, amount })).rejects.toThrow(message);
    }
    await expect(faucet({ address: staking, token: null, amount: "1" })).rejects.toThrow(FaucetError);
    expect(await chain.clients.reader.getBalance({ address })).toBe(0n);
  });
});
