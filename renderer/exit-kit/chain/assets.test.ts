import { createWalletClient, custom, erc20Abi, parseEther } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { World } from "#contracts/testing/world.ts";
import { perform } from "#contracts/testing/perform.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { newOwner, newSigner } from "../testing/world.ts";
import { erc1155Abi, erc721Abi } from "./abi.ts";
import { type Asset, type AssetWish, emergencyCall, findAsset, nativeAsset, withdrawalOf } from "./assets.ts";

let world: World;
let nft: Awaited<ReturnType<World["deployHostile"]>>;
let multi: Awaited<ReturnType<World["deployHostile"]>>;
beforeAll(async () => {
  world = await World.start();
  nft = await world.deployHostile("CallingNft");
  multi = await world.deployHostile("CallingMultiToken");
});
afterAll(() => world.stop());

let nextId = 1n;

/** An account that holds one asset of every standard: 10 ether, 1000 TUSD, one collectible, six of another kind. */
async function collector() {
  const { publicClient, walletClient } = world.chain;
  const owner = newOwner();
  const account = await world.createAccount(owner);
  const id = (nextId += 1n);
  for (const call of [
    { ...nft, functionName: "mint", args: [account, id] },
    { ...multi, functionName: "mint", args: [account, id, 6n] },
  ]) {
    await publicClient.waitForTransactionReceipt({ hash: await walletClient.writeContract(call) });
  }
  const wishes: AssetWish[] = [
    { standard: "erc20", token: world.contracts.tusd, id: 0n },
    { standard: "erc721", token: nft.address, id },
    { standard: "erc1155", token: multi.address, id },
  ];
  return { owner, account, id, wishes };
}

async function assetsOf(account: Address, wishes: readonly AssetWish[]): Promise<Asset[]> {
  const { publicClient } = world.chain;
  const tokens = await Promise.all(wishes.map((wish) => findAsset(publicClient, account, wish)));
  return [await nativeAsset(publicClient, account), ...tokens.filter((token) => token !== undefined)];
}

/** Whose the assets of a collector are now. */
async function expectAt(holder: Address, id: bigint): Promise<void> {
  const { publicClient } = world.chain;
  const read = (token: Address) => ({ address: token, args: [holder] as const });
  const tusd = { ...read(world.contracts.tusd), abi: erc20Abi, functionName: "balanceOf" } as const;
  expect(await publicClient.readContract(tusd)).toBe(1_000_000_000n);
  const owner = { ...nft, abi: erc721Abi, functionName: "ownerOf", args: [id] } as const;
  expect(await publicClient.readContract(owner)).toBe(holder);
  const balance = { ...multi, abi: erc1155Abi, functionName: "balanceOf", args: [holder, id] } as const;
  expect(await publicClient.readContract(balance)).toBe(6n);
}

describe("what an account holds", () => {
  test("is found by its standard, and nothing is found of what it does not hold", async () => {
    const { account, id, wishes } = await collector();
    expect(await assetsOf(account, wishes)).toEqual([
      { standard: "native", amount: parseEther("10") },
      {
        standard: "erc20",
        token: world.contracts.tusd,
        amount: 1_000_000_000n,
        texts: { symbol: "TUSD", decimals: 6 },
      },
      { standard: "erc721", token: nft.address, id },
      { standard: "erc1155", token: multi.address, id, amount: 6n },
    ]);
    const stranger = toAddress(newSigner().account.address);
    expect(await assetsOf(stranger, wishes)).toEqual([{ standard: "native", amount: 0n }]);
  });

  test("is asked for in vain at an address that is no such token", async () => {
    const { account, wishes } = await collector();
    for (const wish of wishes) {
      const elsewhere = { ...wish, token: world.contracts.factory };
      await expect(findAsset(world.chain.publicClient, account, elsewhere)).rejects.toMatchObject({
        code: "no-token",
      });
    }
  });

  test("goes to one address in one operation, signed by device and MFA key", async () => {
    const { owner, account, id, wishes } = await collector();
    const to = toAddress(newSigner().account.address);
    const wish = withdrawalOf({ address: account }, await assetsOf(account, wishes), to);
    expect(wish.kind).toBe("execute");
    await perform(world, account, wish, [owner.device, owner.mfa]);
    await expectAt(to, id);
    expect(await assetsOf(account, wishes)).toEqual([{ standard: "native", amount: 0n }]);
  });

  test("goes in the form that hardware wallets show where it is one amount, and nothing is refused", async () => {
    const { account, wishes } = await collector();
    const to = toAddress(newSigner().account.address);
    const [ether, tusd, collectible] = await assetsOf(account, wishes);
    if (!ether || !tusd || !collectible) throw new Error("the account holds less than it should");
    expect(withdrawalOf({ address: account }, [ether], to)).toMatchObject({ kind: "withdraw", to });
    expect(withdrawalOf({ address: account }, [tusd], to)).toMatchObject({
      kind: "withdraw",
      token: world.contracts.tusd,
      amount: 1_000_000_000n,
    });
    expect(withdrawalOf({ address: account }, [collectible], to).kind).toBe("execute");
    expect(() => withdrawalOf({ address: account }, [], to)).toThrow(
      expect.objectContaining({ code: "nothing-chosen" }),
    );
  });

  test("goes to an emergency address by its own transactions, one for each asset", async () => {
    const { owner, account, id, wishes } = await collector();
    const other = newSigner().account;
    const recipient = toAddress(other.address);
    await world.send(recipient, "0x", parseEther("1"));
    const allow = { kind: "setEmergencyAddress", recipient, enabled: true } as const;
    await perform(world, account, allow, [owner.device, owner.mfa]);
    const { publicClient, walletClient } = world.chain;
    const own = createWalletClient({
      account: other,
      chain: walletClient.chain,
      transport: custom(walletClient),
    });
    for (const asset of await assetsOf(account, wishes)) {
      const hash = await own.sendTransaction({ to: account, data: emergencyCall(asset), gas: 500_000n });
      expect((await publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
    }
    await expectAt(recipient, id);
    expect(await publicClient.getBalance({ address: account })).toBe(0n);
  });
});
