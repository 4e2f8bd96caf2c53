import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { concat, parseEther } from "viem";
import { entryPoint08Address } from "viem/account-abstraction";
import { z } from "zod";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import type { DeployClients } from "../deploy.ts";

/** Where ERC-4337's EntryPoint v0.8 is on every chain. */
export const ENTRY_POINT = toAddress(entryPoint08Address);

/** With this salt the deployer puts the EntryPoint at its address. */
const SALT: Hex = "0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9";

/**
 * The deployer that puts code where only the code and a salt decide. The transaction that creates it is the same on
 * every chain: nobody has the key of its signature, which was made up, so its sender can send nothing else.
 * Source: github.com/Arachnid/deterministic-deployment-proxy.
 */
const DEPLOYER = {
  address: toAddress("0x4e59b44847b379578588920cA78FbF26c0B4956C"),
  sender: toAddress("0x3fAB184622Dc19b6109349B94811493BF2a45362"),
  /** 100 000 gas at 100 gwei, as the transaction says. */
  price: parseEther("0.01"),
  transaction: zHex.parse(
    "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffff" +
      "ffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b808252505050" +
      "6014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222" +
      "222222222222222222222222222222222222222222222222",
  ),
};

const zArtifact = z.object({ bytecode: zHex });

/** The code that creates the EntryPoint, as its authors published it. */
async function readInitCode(): Promise<Hex> {
  const url = import.meta.resolve("@account-abstraction/contracts/artifacts/EntryPoint.json");
  return zArtifact.parse(JSON.parse(await readFile(fileURLToPath(url), "utf8"))).bytecode;
}

/** Puts the deployer on the chain if it is not there. */
async function ensureDeployer({ publicClient, walletClient }: DeployClients): Promise<void> {
  if (await publicClient.getCode({ address: DEPLOYER.address })) return;
  const funding = await walletClient.sendTransaction({ to: DEPLOYER.sender, value: DEPLOYER.price });
  await publicClient.waitForTransactionReceipt({ hash: funding });
  const hash = await publicClient.sendRawTransaction({ serializedTransaction: DEPLOYER.transaction });
  await publicClient.waitForTransactionReceipt({ hash });
}

/**
 * Puts the official EntryPoint v0.8 at its canonical address; does nothing when it is there. It takes transactions of
 * the wallet's account: where addresses follow from that account's nonce, deploy those contracts first.
 * @throws Error when the code does not end up at the address, so it would not be the EntryPoint
 */
export async function deployEntryPoint(clients: DeployClients): Promise<Address> {
  const { publicClient, walletClient } = clients;
  if (await publicClient.getCode({ address: ENTRY_POINT })) return ENTRY_POINT;
  await ensureDeployer(clients);
  const data = concat([SALT, await readInitCode()]);
  const hash = await walletClient.sendTransaction({ to: DEPLOYER.address, data });
  await publicClient.waitForTransactionReceipt({ hash });
  if (!(await publicClient.getCode({ address: ENTRY_POINT }))) {
    throw new Error(
      `the EntryPoint's code did not end up at ${ENTRY_POINT} (${hash}): is the package 0.8.0?`,
    );
  }
  return ENTRY_POINT;
}
