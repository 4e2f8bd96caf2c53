import { keccak256, stringToBytes } from "viem";
import type { DeployedContracts } from "#contracts/deploy.ts";
import type { Address } from "#core/primitives/address.ts";
import { toAddress } from "#core/primitives/address.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import type { ChainClients } from "./chain/client.ts";
import type { Fault } from "./control/state.ts";
import { readNodeConfig } from "./key-network/config.ts";
import { createKeyNetworkGenesis, NODE_SCRIPT } from "./key-network/genesis.ts";
import { signersNeeded } from "./key-network/transport/network.ts";
import type { StakingList } from "./staking/staking.ts";
import { createStakingList } from "./staking/staking.ts";
import type { ManagedProcess } from "./supervisor/managed-process.ts";
import type { Part, Parts } from "./supervisor/parts.ts";

/** There is no node with that number. */
export class NoSuchNode extends Error {
  override readonly name = "NoSuchNode";
}

export interface KeyNode {
  index: number;
  url: string;
  port: number;
  /** The name under which the staking contract lists it. */
  address: Address;
  process: ManagedProcess;
  fault: Fault;
}

export interface KeyNodesOptions {
  /** Where the nodes keep their shares. */
  folder: string;
  ports: readonly number[];
  parts: Parts;
  clients: ChainClients;
  contracts: DeployedContracts;
  chain: Part;
  authenticator: Part;
  log: (part: string, line: string) => void;
}

/** The key network's nodes, and the staking contract's list of those that run. */
export class KeyNodes {
  readonly all: readonly KeyNode[];
  /** How many nodes have to agree. */
  readonly threshold: number;
  readonly #staking: StakingList;
  readonly #log: (part: string, line: string) => void;
  /** Before all nodes were up once, their comings are not worth a transaction each. */
  #isUp = false;

  private constructor(all: readonly KeyNode[], threshold: number, options: KeyNodesOptions) {
    this.all = all;
    this.threshold = threshold;
    this.#staking = createStakingList(options.clients, options.contracts.staking);
    this.#log = options.log;
  }

  /** Introduces the nodes to each other and adds them to the devnet's parts; none is started yet. */
  static async prepare(options: KeyNodesOptions): Promise<KeyNodes> {
    const { chain, contracts, parts } = options;
    const introduced = await createKeyNetworkGenesis({
      stateDir: options.folder,
      ports: options.ports,
      rpcUrl: chain.url,
      factorRegistry: contracts.factorRegistry,
      gateRegistry: contracts.gateRegistry,
      hosts: { [DEVNET_AUTHENTICATOR.host]: `127.0.0.1:${options.authenticator.port}` },
    });
    const nodes = introduced.map(({ index, url, port, configPath }): KeyNode => {
      const { process } = parts.add({
        name: `node-${index}`,
        script: NODE_SCRIPT,
        args: [configPath],
        port,
        health: "/health",
      });
      return { index, url, port, address: addressOfNode(index), process, fault: "none" };
    });
    const [first] = introduced;
    if (first === undefined) throw new RangeError("A key network has at least one node.");
    const { network } = await readNodeConfig(first.configPath);
    const prepared = new KeyNodes(nodes, signersNeeded(network), options);
    parts.on("state", (part, state) => {
      const isNode = nodes.some(({ process }) => process === part.process);
      // When the chain comes back, it has missed what happened to the nodes meanwhile.
      if (isNode || (part === chain && state === "running")) prepared.#onChange();
    });
    return prepared;
  }

  /** Starts all nodes and lists them. */
  async start(): Promise<void> {
    await Promise.all(this.all.map(async ({ process }) => process.start()));
    this.#isUp = true;
    await this.#list();
  }

  /** Starts a node; resolves when it is up and listed. It has no fault any more. */
  async startOne(index: number): Promise<void> {
    await this.#find(index).process.start();
    await this.#list();
  }

  /** Stops a node; resolves when it is down and listed no more. It stays down until it is started. */
  async stopOne(index: number): Promise<void> {
    await this.#find(index).process.stop();
    await this.#list();
  }

  /** Makes a running node misbehave, or behave again. */
  async setFault(index: number, fault: Fault): Promise<void> {
    const node = this.#find(index);
    await node.process.ask("fault", { fault });
    node.fault = fault;
  }

  #onChange(): void {
    for (const node of this.all) {
      // A node forgets its fault with its process.
      if (node.process.state !== "running") node.fault = "none";
    }
    if (!this.#isUp) return;
    this.#list().catch((error: unknown) => {
      this.#log("devnet", `cannot list the running nodes on the chain: ${String(error)}`);
    });
  }

  async #list(): Promise<void> {
    await this.#staking.set(this.all.filter(({ process }) => process.state === "running"));
  }

  #find(index: number): KeyNode {
    const node = this.all.find((candidate) => candidate.index === index);
    if (node === undefined)
      throw new NoSuchNode(`There is no node ${index}; there are 1 to ${this.all.length}.`);
    return node;
  }
}

/** Nobody holds this address's key: the devnet's nodes send no transactions, they only need distinct names. */
function addressOfNode(index: number): Address {
  return toAddress(`0x${keccak256(stringToBytes(`trivet devnet node ${index}`)).slice(-40)}`);
}
