import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Abi } from "viem";
import { z } from "zod";
import { type Hex, zHex } from "#core/primitives/hex.ts";

/** Every deployed contract and the source file it is in, relative to contracts/. */
export const SOURCES = {
  TrivetAccount: "src/TrivetAccount.sol",
  AccountChanges: "src/AccountChanges.sol",
  AccountViews: "src/AccountViews.sol",
  ReadableForms: "src/ReadableForms.sol",
  AccountFactory: "src/AccountFactory.sol",
  GateRegistry: "src/GateRegistry.sol",
  FactorRegistry: "src/FactorRegistry.sol",
  DevnetStaking: "devnet/DevnetStaking.sol",
  TestToken: "devnet/TestToken.sol",
  DevnetPriceFeed: "devnet/DevnetPriceFeed.sol",
  P256Verifier: "src/verifiers/P256Verifier.sol",
  WebAuthnVerifier: "src/verifiers/WebAuthnVerifier.sol",
  RsaVerifier: "src/verifiers/RsaVerifier.sol",
  ScriptVerifier: "src/verifiers/ScriptVerifier.sol",
  ReclaimablePayments: "src/ReclaimablePayments.sol",
  AliasRegistry: "src/AliasRegistry.sol",
} as const satisfies Record<string, string>;
export type ContractName = keyof typeof SOURCES;

/** What the compiler made of a contract. */
export interface Artifact {
  readonly abi: Abi;
  /** The code that deploys it, without constructor arguments. */
  readonly bytecode: Hex;
}

const zArtifact = z.object({
  // The compiler wrote it: that its entries are those of an ABI is not checked again.
  abi: z.custom<Abi>((value) => Array.isArray(value)),
  bytecode: zHex,
});

/** Reads a compiled contract. Throws with what to do when the contracts are not compiled. */
export async function readArtifact(name: string, source: string): Promise<Artifact> {
  const file = fileURLToPath(new URL(`artifacts/contracts/${source}/${name}.json`, import.meta.url));
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(`${name} is not compiled: run "npx hardhat compile" first`, { cause });
  });
  return zArtifact.parse(JSON.parse(text));
}
