import { devnetStakingAbi } from "#contracts/abi.ts";
import type { Address } from "#core/primitives/address.ts";
import { deployer } from "../chain/accounts.ts";
import type { ChainClients } from "../chain/client.ts";

/** 127.0.0.1 as the staking contract writes it. */
const LOOPBACK_IP = 0x7f000001;

/**
 * More than four nodes need. Never the estimate: an estimate of the same second as the last change finds that the
 * epoch's start stays what it was, and does not pay for the change when the block comes a second later.
 */
const GAS = 2_000_000n;

/** What the staking contract tells about a node. */
export interface StakedNode {
  port: number;
  /** The node's own address on the chain. */
  address: Address;
}

/** Keeps the staking contract's list of running nodes true. */
export interface StakingList {
  /** Lists exactly these nodes; resolves when the chain says so. */
  set(nodes: readonly StakedNode[]): Promise<void>;
}

/**
 * The list of running nodes in the staking contract, from which the key network's client learns whom to ask.
 * Changes that come while one is on its way are merged: only the newest counts.
 */
export function createStakingList(clients: ChainClients, staking: Address): StakingList {
  const wallet = clients.as(deployer);
  let wanted: readonly StakedNode[] = [];
  let running: Promise<void> | undefined;

  async function bringUpToDate(): Promise<void> {
    for (let written: readonly StakedNode[] | undefined; written !== wanted;) {
      written = wanted;
      await write(written);
    }
  }

  async function write(nodes: readonly StakedNode[]): Promise<void> {
    const listed = await clients.reader.readContract({
      address: staking,
      abi: devnetStakingAbi,
      functionName: "getActiveUnkickedValidatorStructsAndCounts",
    });
    if (
      describe(listed[2].map(({ port, nodeAddress }) => ({ port, address: nodeAddress }))) === describe(nodes)
    )
      return;
    const hash = await wallet.writeContract({
      gas: GAS,
      address: staking,
      abi: devnetStakingAbi,
      functionName: "setActiveValidators",
      args: [
        nodes.map(({ port, address }) => ({
          ip: LOOPBACK_IP,
          ipv6: 0n,
          port,
          nodeAddress: address,
          reward: 0n,
          senderPubKey: 0n,
          receiverPubKey: 0n,
          lastActiveEpoch: 0n,
        })),
      ],
    });
    const { status } = await clients.reader.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`The list of running nodes was refused (${hash}).`);
  }

  return {
    set: async (nodes) => {
      wanted = [...nodes];
      running ??= bringUpToDate().finally(() => {
        running = undefined;
      });
      await running;
    },
  };
}

function describe(nodes: readonly { port: number; address: string }[]): string {
  return nodes.map(({ port, address }) => `${port} ${address.toLowerCase()}`).join(",");
}
