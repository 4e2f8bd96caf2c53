import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { ContractName } from "#contracts/artifacts.ts";
import { readArtifact, SOURCES } from "#contracts/artifacts.ts";
import type { DeployedContracts } from "#contracts/deploy.ts";
import { deployContracts } from "#contracts/deploy.ts";
import { deployer } from "./chain/accounts.ts";
import type { ChainClients } from "./chain/client.ts";

/** The contracts of this checkout are not those on the devnet's chain. */
export class ContractsChangedError extends Error {
  override readonly name = "ContractsChangedError";
}

/**
 * Puts the contracts on the chain, or finds them there from last time.
 *
 * @param state the devnet's folder; it remembers which code was deployed
 * @throws {ContractsChangedError} when the chain has other contracts than this checkout
 */
export async function prepareContracts(clients: ChainClients, state: string): Promise<DeployedContracts> {
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
  return deployContracts({ publicClient: clients.reader, walletClient: clients.as(deployer) });
}

async function hashOfContracts(): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, source] of Object.entries(SOURCES) as [ContractName, string][]) {
    // Feeds belong to no account's rules: a chain that has none yet, or older ones, does not stop the devnet.
    if (name === "DevnetPriceFeed") continue;
    const { bytecode } = await readArtifact(name, source);
    hash.update(`${name} ${bytecode}\n`);
  }
  return hash.digest("hex");
}
