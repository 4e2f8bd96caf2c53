import { rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { NetworkConfig } from "#core/config/network.ts";
import { zNetworkConfig } from "#core/config/network.ts";

/** Where a wallet finds what it has to know about this devnet, while it is up. */
export function networkFile(state: string): string {
  return join(state, "network.json");
}

/** Says that everything is up, and where. */
export async function writeNetworkFile(state: string, network: NetworkConfig): Promise<void> {
  await writeFileAtomic(networkFile(state), `${JSON.stringify(zNetworkConfig.parse(network), null, 2)}\n`);
}

export async function removeNetworkFile(state: string): Promise<void> {
  await rm(networkFile(state), { force: true });
}
