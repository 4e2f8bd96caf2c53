import { entryPoint08Abi } from "viem/account-abstraction";
import { hardhat } from "viem/chains";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestChain, type TestChain } from "./chain.ts";
import { deployEntryPoint, ENTRY_POINT } from "./entry-point.ts";

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(async () => await chain.close());

test("the EntryPoint is at its canonical address and answers as version 0.8", async () => {
  expect(await deployEntryPoint(chain)).toBe(ENTRY_POINT);
  const call = { address: ENTRY_POINT, abi: entryPoint08Abi } as const;
  const domain = await chain.publicClient.readContract({ ...call, functionName: "eip712Domain" });
  expect(domain.slice(1, 5)).toEqual(["ERC4337", "1", BigInt(hardhat.id), ENTRY_POINT]);
  const nonce = await chain.publicClient.readContract({
    ...call,
    functionName: "getNonce",
    args: [ENTRY_POINT, 7n],
  });
  expect(nonce).toBe(7n << 64n);
});

test("deploying it again changes nothing", async () => {
  const before = await chain.publicClient.getBlockNumber();
  expect(await deployEntryPoint(chain)).toBe(ENTRY_POINT);
  expect(await chain.publicClient.getBlockNumber()).toBe(before);
});
