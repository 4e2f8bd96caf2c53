import { gateRegistryAbi } from "#contracts/abi.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type GateDigest, zGateDigest } from "#core/primitives/hex.ts";
import type { ChainClient } from "../chain/client.ts";

/** What governance says about gates. */
export interface PublishedGates {
  /** The gate for new keys; undefined before the first was published. */
  readonly canonical: GateDigest | undefined;
  /** The one before, which the key network runs as well; undefined when there is none. */
  readonly previous: GateDigest | undefined;
  /** Who publishes gates and withdraws them. */
  readonly governance: Address;
  /** When the canonical gate became that for the last time, Unix seconds. */
  readonly since: number | undefined;
  /** Gates that governance withdrew by going back to the one before. */
  readonly rolledBack: ReadonlySet<GateDigest>;
}

const fromStart = { fromBlock: "earliest", toBlock: "latest" } as const;
const NONE = zGateDigest.parse(`0x${"00".repeat(32)}`);
const orNone = (gate: string): GateDigest | undefined => {
  const digest = zGateDigest.parse(gate);
  return digest === NONE ? undefined : digest;
};

/** Reads the gate registry. */
export async function readPublishedGates({ config, read }: ChainClient): Promise<PublishedGates> {
  const registry = { address: config.contracts.gateRegistry, abi: gateRegistryAbi } as const;
  return read(async (client) => {
    const [canonical, previous, owner, logs] = await Promise.all([
      client.readContract({ ...registry, functionName: "canonical" }),
      client.readContract({ ...registry, functionName: "previous" }),
      client.readContract({ ...registry, functionName: "owner" }),
      client.getContractEvents({ ...registry, ...fromStart, strict: true }),
    ]);
    const became = logs.findLast(
      ({ eventName, args }) =>
        (eventName === "GatePublished" || eventName === "GateRolledBack") && args.gate === canonical,
    );
    const block = became && (await client.getBlock({ blockNumber: became.blockNumber }));
    const rolledBack = new Set<GateDigest>();
    for (const { eventName, args } of logs) {
      if (eventName === "GateRolledBack") rolledBack.add(zGateDigest.parse(args.withdrawn));
      // Published again, it counts again.
      if (eventName === "GatePublished") rolledBack.delete(zGateDigest.parse(args.gate));
    }
    return {
      canonical: orNone(canonical),
      previous: orNone(previous),
      governance: toAddress(owner),
      since: block && Number(block.timestamp),
      rolledBack,
    };
  });
}

/** The gate that makes a new key's first record; undefined before governance published one. */
export async function readCanonicalGate({ config, read }: ChainClient): Promise<GateDigest | undefined> {
  const { gateRegistry } = config.contracts;
  const call = { address: gateRegistry, abi: gateRegistryAbi, functionName: "canonical" } as const;
  return orNone(await read((client) => client.readContract(call)));
}
