import { encodeFunctionData, parseEther } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMS } from "#core/operations/typed-data.ts";
import type { Address } from "#core/primitives/address.ts";
import { aliasRegistryAbi, testTokenAbi } from "../abi.ts";
import { deployEntryPoint, ENTRY_POINT } from "../testing/entry-point.ts";
import { perform, type Wish } from "../testing/perform.ts";
import { newOwner, newSalt, World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
  await deployEntryPoint(world.chain);
});
afterAll(async () => {
  await world.stop();
});

const etherOf = async (address: Address) => await world.chain.publicClient.getBalance({ address });

const depositOf = async (address: Address) =>
  await world.chain.publicClient.readContract({
    address: ENTRY_POINT,
    abi: entryPoint08Abi,
    functionName: "balanceOf",
    args: [address],
  });

describe.each(FORMS)("a migration signed in %s form", (form) => {
  const migrate = async (deposit: bigint) => {
    const owner = newOwner();
    const [account, successor] = [
      await world.createAccount(owner),
      await world.createAccount(owner, newSalt()),
    ];
    const functionName = "depositTo";
    if (deposit !== 0n) {
      const data = encodeFunctionData({ abi: entryPoint08Abi, functionName, args: [account] });
      await world.send(ENTRY_POINT, data, deposit);
      expect(await depositOf(account)).toBe(deposit);
    }
    const wish: Wish = {
      kind: "migrate",
      successor,
      assets: [{ standard: "erc20", token: world.contracts.tusd }],
    };
    await perform(world, account, wish, [
      [owner.device, form],
      [owner.mfa, form],
    ]);
    return { account, successor };
  };

  test("moves the deposit at the EntryPoint with everything else, and points there", async () => {
    const { account, successor } = await migrate(parseEther("2"));
    expect(await depositOf(account)).toBe(0n);
    expect(await depositOf(successor)).toBe(0n);
    expect(await etherOf(account)).toBe(0n);
    expect(await etherOf(successor)).toBe(parseEther("22"));
    const { publicClient } = world.chain;
    const tusd = { address: world.contracts.tusd, abi: testTokenAbi, functionName: "balanceOf" } as const;
    expect(await publicClient.readContract({ ...tusd, args: [account] })).toBe(0n);
    expect(await publicClient.readContract({ ...tusd, args: [successor] })).toBe(2_000_000_000n);
    const aliases = { address: world.contracts.aliasRegistry, abi: aliasRegistryAbi } as const;
    const question = { ...aliases, functionName: "resolve", args: [account] } as const;
    expect(await publicClient.readContract(question)).toBe(successor);
  });

  test("works without a deposit, too", async () => {
    const { account, successor } = await migrate(0n);
    expect(await etherOf(account)).toBe(0n);
    expect(await etherOf(successor)).toBe(parseEther("20"));
  });
});
