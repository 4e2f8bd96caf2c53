import { gateRegistryAbi } from "#contracts/abi.ts";
import { gateDigest } from "#core/key-network/gate-cid.ts";
import { GATE_RELEASES } from "#core/key-network/gate-releases.ts";
import type { Address } from "#core/primitives/address.ts";
import { deployer } from "../chain/accounts.ts";
import type { ChainClients } from "../chain/client.ts";

/** A gate that this checkout ships, and what the registry says of it. */
export interface GateState {
  number: number;
  cid: string;
  changes: readonly string[];
  /** "none": the key network does not run it. */
  standing: "canonical" | "previous" | "none";
}

/** Governance cannot do what was asked: there is no later gate, or none to go back to. */
export class GovernanceError extends Error {
  override readonly name = "GovernanceError";
}

/** The devnet's governance: publishes the gates that Trivet ships, one after another, and withdraws them. */
export interface Governance {
  gates(): Promise<GateState[]>;
  /** Makes the release after the canonical gate the canonical one. */
  publishNext(): Promise<void>;
  /** Withdraws the canonical gate; the one before takes its place again. */
  rollBack(): Promise<void>;
  /** Publishes the first gate, unless one that Trivet ships is canonical already. */
  begin(): Promise<void>;
}

const SHIPPED = GATE_RELEASES.map(({ number, cid, changes }) => ({
  number,
  cid,
  changes,
  digest: gateDigest(cid),
}));

export function createGovernance(clients: ChainClients, gateRegistry: Address): Governance {
  const registry = { address: gateRegistry, abi: gateRegistryAbi } as const;
  const canonical = () => clients.reader.readContract({ ...registry, functionName: "canonical" });
  const previous = () => clients.reader.readContract({ ...registry, functionName: "previous" });

  async function publish(gate: (typeof SHIPPED)[number] | undefined): Promise<void> {
    if (!gate) throw new GovernanceError("There is no later gate: this version of Trivet ships no other.");
    await clients.as(deployer).writeContract({ ...registry, functionName: "publish", args: [gate.digest] });
  }

  return {
    async gates() {
      const [first, second] = await Promise.all([canonical(), previous()]);
      return SHIPPED.map(({ digest, ...gate }) => ({
        ...gate,
        standing: digest === first ? "canonical" : digest === second ? "previous" : "none",
      }));
    },
    async publishNext() {
      const now = await canonical();
      await publish(SHIPPED[SHIPPED.findIndex(({ digest }) => digest === now) + 1]);
    },
    async rollBack() {
      if (BigInt(await previous()) === 0n) {
        throw new GovernanceError("There is no gate before this one to go back to.");
      }
      await clients.as(deployer).writeContract({ ...registry, functionName: "rollBack" });
    },
    async begin() {
      const now = await canonical();
      if (!SHIPPED.some(({ digest }) => digest === now)) await publish(SHIPPED[0]);
    },
  };
}
