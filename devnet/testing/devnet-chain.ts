import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeployedContracts } from "#contracts/deploy.ts";
import { deployContracts } from "#contracts/deploy.ts";
import { deployer } from "../chain/accounts.ts";
import { Chain } from "../chain/chain.ts";
import type { ChainClients } from "../chain/client.ts";
import { createChainClients } from "../chain/client.ts";
import { createRpcApp } from "../chain/rpc.ts";
import { listenOnLoopback } from "../http/loopback.ts";

/** The devnet's chain in this process, with every contract deployed. */
export interface TestChain {
  clients: ChainClients;
  contracts: DeployedContracts;
  /** Lets time pass, in seconds. */
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startTestChain(): Promise<TestChain> {
  const folder = mkdtempSync(join(tmpdir(), "trivet-chain-"));
  const chain = await Chain.open(join(folder, "journal.jsonl"));
  const server = await listenOnLoopback(createRpcApp(chain), 0);
  const clients = createChainClients(server.url);
  const contracts = await deployContracts({
    publicClient: clients.reader,
    walletClient: clients.as(deployer),
  });
  return {
    clients,
    contracts,
    advance: async (seconds) => {
      await chain.advance(seconds);
    },
    close: async () => {
      await server.close();
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
