import { afterAll, beforeAll, expect, test } from "vitest";
import { aliasRegistryAbi } from "../abi.ts";
import { richAccount } from "../testing/chain.ts";
import { World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

test("whoever asks for an old address finds the one that took its place last", async () => {
  const { publicClient, walletClient } = world.chain;
  const registry = { address: world.contracts.aliasRegistry, abi: aliasRegistryAbi } as const;
  const [first, second, third] = [richAccount(1), richAccount(2), richAccount(3)];
  for (const [account, successor] of [
    [first, second],
    [second, third],
  ] as const) {
    const call = { ...registry, account, functionName: "pointTo", args: [successor.address] } as const;
    const hash = await walletClient.writeContract(call);
    const { status } = await publicClient.waitForTransactionReceipt({ hash });
    expect(status).toBe("success");
  }
  const resolve = { ...registry, functionName: "resolve", args: [first.address] } as const;
  expect(await publicClient.readContract(resolve)).toBe(third.address);
});
