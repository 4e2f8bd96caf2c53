import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Abi } from "viem";
import { z } from "zod";
import type { Artifact } from "#contracts/artifacts.ts";
import type { TestChain } from "#contracts/testing/chain.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";

const zArtifact = z.object({
  // The compiler wrote it: that its entries are those of an ABI is not checked again.
  abi: z.custom<Abi>((value) => Array.isArray(value)),
  bytecode: zHex,
});

async function read(file: string): Promise<Artifact> {
  return zArtifact.parse(JSON.parse(await readFile(file, "utf8")));
}

/** Official code, as its authors compiled and published it. `path` begins with the package's name. */
export const publishedArtifact = async (path: string): Promise<Artifact> =>
  await read(fileURLToPath(import.meta.resolve(path)));

/** One of bench/gas/contracts. Throws with what to do when they are not compiled. */
export async function compiledArtifact(name: string): Promise<Artifact> {
  const folder = new URL("../../.cache/bench-gas/artifacts/bench/gas/contracts/", import.meta.url);
  return await read(fileURLToPath(new URL(`${name}.sol/${name}.json`, folder))).catch((cause: unknown) => {
    throw new Error(`${name} is not compiled: run "npm run bench:gas" first`, { cause });
  });
}

/** Puts code on the chain. */
export async function deploy(
  { publicClient, walletClient }: TestChain,
  { abi, bytecode }: Artifact,
  args: readonly unknown[] = [],
): Promise<Address> {
  const hash = await walletClient.deployContract({ abi, bytecode, args });
  const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error(`nothing was deployed (${hash})`);
  return toAddress(contractAddress);
}
