import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFactoryAbi, gateRegistryAbi, testTokenAbi } from "./abi.ts";
import { contractAddresses, deployContracts } from "./deploy.ts";
import { richAccount, startTestChain, type TestChain } from "./testing/chain.ts";
import { toAddress } from "#core/primitives/address.ts";

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(async () => await chain.close());

test("deploys everything to the addresses that follow from the deployer, and only once", async () => {
  const { publicClient } = chain;
  const deployer = toAddress(richAccount(0).address);
  const contracts = await deployContracts(chain);

  expect(contracts).toEqual(contractAddresses(deployer));
  const read = { address: contracts.factory, abi: accountFactoryAbi } as const;
  expect(await publicClient.readContract({ ...read, functionName: "implementation" })).toBe(
    contracts.implementation,
  );
  const gates = { address: contracts.gateRegistry, abi: gateRegistryAbi } as const;
  expect(await publicClient.readContract({ ...gates, functionName: "owner" })).toBe(deployer);
  const gold = { address: contracts.tgld, abi: testTokenAbi } as const;
  expect(await publicClient.readContract({ ...gold, functionName: "symbol" })).toBe("TGLD");
  const dollar = { address: contracts.tusd, abi: testTokenAbi } as const;
  expect(await publicClient.readContract({ ...dollar, functionName: "decimals" })).toBe(6);

  const before = await publicClient.getTransactionCount({ address: deployer });
  expect(await deployContracts(chain)).toEqual(contracts);
  expect(await publicClient.getTransactionCount({ address: deployer })).toBe(before);
});

test("refuses a deployer that did something else on the chain before", async () => {
  const used = await startTestChain();
  try {
    await used.walletClient.sendTransaction({ to: richAccount(1).address, value: 1n });
    await expect(deployContracts(used)).rejects.toThrow("has sent 1 transactions on this chain instead of 0");
  } finally {
    await used.close();
  }
});
