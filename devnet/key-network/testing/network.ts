import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicClient, createWalletClient, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { devnetStakingAbi, factorRegistryAbi, gateRegistryAbi } from "#contracts/abi.ts";
import { type DeployedContracts, deployContracts } from "#contracts/deploy.ts";
import { gateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { TEST_MNEMONIC } from "../../chain/accounts.ts";
import { Chain } from "../../chain/chain.ts";
import { createRpcApp } from "../../chain/rpc.ts";
import { listenOnLoopback } from "../../http/loopback.ts";
import { ask } from "../../supervisor/channel.ts";
import { createKeyNetworkGenesis, type GenesisNode, NODE_SCRIPT } from "../genesis.ts";
import type { Fault } from "../key-node.ts";

/** A node ends when the test that started it is gone. */
const EXIT_WITH_PARENT = ["--import", new URL("../../supervisor/exit-with-parent.ts", import.meta.url).href];
const LOOPBACK_IP = 0x7f000001;

/** A chain that the nodes read over HTTP, with all contracts on it. */
export interface ServedChain {
  readonly rpcUrl: string;
  readonly contracts: DeployedContracts;
  /** Stops serving it. */
  readonly close: () => Promise<void>;
}

/** The devnet's chain, with its journal in a folder. */
async function serveDevnetChain(folder: string): Promise<ServedChain> {
  const chain = await Chain.open(join(folder, "journal.jsonl"));
  const server = await listenOnLoopback(createRpcApp(chain), 0);
  const contracts = await deployContracts(clients(server.url));
  const close = async () => {
    await server.close();
    await chain.close();
  };
  return { rpcUrl: server.url, contracts, close };
}

/** Four real node processes and a real chain, for tests and measurements. */
export class TestNetwork {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly contracts: DeployedContracts;
  readonly nodes: readonly GenesisNode[];
  readonly #chain: ServedChain;
  readonly #processes = new Map<number, ChildProcess>();

  private constructor(folder: string, chain: ServedChain, nodes: readonly GenesisNode[]) {
    this.folder = folder;
    this.#chain = chain;
    this.rpcUrl = chain.rpcUrl;
    this.contracts = chain.contracts;
    this.nodes = nodes;
  }

  /**
   * @param hosts what gates may reach besides the chain
   * @param serve the chain to run on; the network closes it when it stops. A new one of the devnet unless said otherwise
   */
  static async start(
    hosts: Record<string, string> = {},
    serve: (folder: string) => Promise<ServedChain> = serveDevnetChain,
  ): Promise<TestNetwork> {
    const folder = await mkdtemp(join(tmpdir(), "trivet-key-network-"));
    const chain = await serve(folder);
    const { rpcUrl, contracts } = chain;
    const nodes = await createKeyNetworkGenesis({
      stateDir: folder,
      ports: await freePorts(4),
      rpcUrl,
      factorRegistry: contracts.factorRegistry,
      gateRegistry: contracts.gateRegistry,
      hosts,
    });
    const network = new TestNetwork(folder, chain, nodes);
    await Promise.all(nodes.map(({ index }) => network.startNode(index)));
    await network.listRunningNodes();
    return network;
  }

  node(index: number): GenesisNode {
    const node = this.nodes.find((candidate) => candidate.index === index);
    if (node === undefined) throw new RangeError(`There is no node ${index}.`);
    return node;
  }

  process(index: number): ChildProcess {
    const child = this.#processes.get(index);
    if (child === undefined) throw new Error(`Node ${index} does not run.`);
    return child;
  }

  async startNode(index: number): Promise<void> {
    const child = fork(NODE_SCRIPT, [this.node(index).configPath], { execArgv: EXIT_WITH_PARENT });
    this.#processes.set(index, child);
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", (code) => reject(new Error(`Node ${index} ended with code ${code ?? "none"}.`)));
    });
  }

  async stopNode(index: number, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.process(index);
    this.#processes.delete(index);
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    // A halted process takes no polite signal.
    child.kill("SIGCONT");
    await exited;
  }

  async setFault(index: number, fault: Fault): Promise<void> {
    await ask(this.process(index), "fault", { fault });
  }

  /** Tells clients, through the staking contract, which nodes run. */
  async listRunningNodes(running: readonly number[] = [...this.#processes.keys()]): Promise<void> {
    const validators = running.map((index) => ({
      ip: LOOPBACK_IP,
      ipv6: 0n,
      port: this.node(index).port,
      nodeAddress: toAddress(`0x${index.toString(16).padStart(40, "0")}`),
      reward: 0n,
      senderPubKey: 0n,
      receiverPubKey: 0n,
      lastActiveEpoch: 0n,
    }));
    const { staking } = this.contracts;
    // Not the estimate: made in the second of the last change, it is too low for a block of the next.
    const gas = 2_000_000n;
    const call = {
      address: staking,
      abi: devnetStakingAbi,
      functionName: "setActiveValidators",
      gas,
    } as const;
    await this.#mined(clients(this.rpcUrl).walletClient.writeContract({ ...call, args: [validators] }));
  }

  /** Publishes a gate in the gate registry. */
  async publish(code: string): Promise<void> {
    const { gateRegistry } = this.contracts;
    const args = [gateDigest(gateCid(new TextEncoder().encode(code)))] as const;
    const call = { address: gateRegistry, abi: gateRegistryAbi, functionName: "publish" } as const;
    await this.#mined(clients(this.rpcUrl).walletClient.writeContract({ ...call, args }));
  }

  /** Withdraws the canonical gate; the one before takes its place again. */
  async rollBack(): Promise<void> {
    const { gateRegistry } = this.contracts;
    const call = { address: gateRegistry, abi: gateRegistryAbi, functionName: "rollBack" } as const;
    await this.#mined(clients(this.rpcUrl).walletClient.writeContract(call));
  }

  async setRecord(key: Address, gate: Hex, factors: readonly Hex[], signature: Hex): Promise<void> {
    const { factorRegistry } = this.contracts;
    const args = [key, gate, factors, signature] as const;
    const call = { address: factorRegistry, abi: factorRegistryAbi, functionName: "setRecord" } as const;
    await this.#mined(clients(this.rpcUrl).walletClient.writeContract({ ...call, args }));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((index) => this.stopNode(index)));
    await this.#chain.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #mined(sending: Promise<Hex>): Promise<void> {
    const { publicClient } = clients(this.rpcUrl);
    const receipt = await publicClient.waitForTransactionReceipt({ hash: await sending });
    if (receipt.status !== "success") throw new Error(`transaction ${receipt.transactionHash} reverted`);
  }
}

function clients(rpcUrl: string) {
  const common = { chain: hardhat, transport: http(rpcUrl), pollingInterval: 10 };
  const account = mnemonicToAccount(TEST_MNEMONIC, { addressIndex: 0 });
  return {
    publicClient: createPublicClient(common),
    walletClient: createWalletClient({ ...common, account }),
  };
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  return Promise.all(
    probes.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      if (address === null || typeof address === "string") throw new Error("The probe has no port.");
      return address.port;
    }),
  );
}
