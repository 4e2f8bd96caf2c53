import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { gateRegistryAbi } from "#contracts/abi.ts";
import type { ContractName } from "#contracts/artifacts.ts";
import { readArtifact, SOURCES } from "#contracts/artifacts.ts";
import type { DeployedContracts } from "#contracts/deploy.ts";
import { deployContracts } from "#contracts/deploy.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import { deployer } from "./chain/accounts.ts";
import type { ChainClients } from "./chain/client.ts";

/** The contracts of this checkout are not those on the devnet's chain. */
export class ContractsChangedError extends Error {
  override readonly name = "ContractsChangedError";
}

/**
 * Puts the contracts on the chain, or finds them there from last time, and makes the gate the canonical one.
 *
 * @param state the devnet's folder; it remembers which code was deployed
 * @throws {ContractsChangedError} when the chain has other contracts than this checkout
 */
export async function prepareContracts(
  clients: ChainClients,
  state: string,
  gate: GateDigest,
): Promise<DeployedContracts> {
  const file = join(state, "contracts.sha256");
  const code = await hashOfContracts();
  const deployed = existsSync(file) ? await readFile(file, "utf8") : undefined;
  if (deployed !== undefined && deployed !== code) {
    throw new ContractsChangedError(
      `The contracts have changed since the chain in ${state} was made, and contracts on a chain stay as they are. ` +
        "Delete that folder to start afresh, or use another one with --state.",
    );
  }
  await writeFileAtomic(file, code);
  const contracts = await deployContracts({
    publicClient: clients.reader,
    walletClient: clients.as(deployer),
  });
  await publishGate(clients, contracts, gate);
  return contracts;
}

async function hashOfContracts(): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, source] of Object.entries(SOURCES) as [ContractName, string][]) {
    const { bytecode } = await readArtifact(name, source);
    hash.update(`${name} ${bytecode}\n`);
  }
  return hash.digest("hex");
}

async function publishGate(
  clients: ChainClients,
  contracts: DeployedContracts,
  gate: GateDigest,
): Promise<void> {
  const registry = { address: contracts.gateRegistry, abi: gateRegistryAbi } as const;
  const canonical = await clients.reader.readContract({ ...registry, functionName: "canonical" });
  if (canonical === gate) return;
  await clients.as(deployer).writeContract({ ...registry, functionName: "publish", args: [gate] });
}
