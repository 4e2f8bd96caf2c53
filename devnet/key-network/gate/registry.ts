import { createPublicClient, http, type PublicClient } from "viem";
import { factorRegistryAbi, gateRegistryAbi } from "#contracts/abi.ts";
import type { Address } from "#core/primitives/address.ts";
import type { GateDigest, Hex } from "#core/primitives/hex.ts";
import { NodeError } from "../errors.ts";
import type { ExecuteRequest } from "./request.ts";

export interface RegistryOptions {
  readonly rpcUrl: string;
  readonly factorRegistry: Address;
  readonly gateRegistry: Address;
}

const TIMEOUT_MS = 5_000;
const BLOCKHASH_AGE_MS = 2_000;

/** What a node reads on the chain: which gates count, and which of them each key wants. */
export class Registry {
  readonly #client: PublicClient;
  readonly #options: RegistryOptions;
  #blockhash: { readonly hash: Hex; readonly readAt: number } | undefined;

  constructor(options: RegistryOptions) {
    this.#options = options;
    // Reads of the same moment go to the chain in one HTTP request.
    const transport = http(options.rpcUrl, { batch: true, timeout: TIMEOUT_MS, retryCount: 1 });
    this.#client = createPublicClient({ transport });
  }

  /**
   * A gate may run for a key when governance stands behind it and the key's record names it. A key without a
   * record gets its first one from the canonical gate.
   * @throws NodeError gate-not-accepted, gate-not-of-record, no-record or chain-unreachable
   */
  async demand(gate: GateDigest, key: Address, action: ExecuteRequest["jsParams"]["action"]): Promise<void> {
    const [accepted, canonical, [recordGate, version]] = await this.#read(gate, key);
    if (!accepted) {
      throw forbidden("gate-not-accepted", "This gate is not published in the gate registry.");
    }
    if (version > 0n) {
      if (recordGate === gate) return;
      throw forbidden("gate-not-of-record", "The key's record in the factor registry names another gate.");
    }
    if (action !== "set-record") {
      throw forbidden("no-record", "The key has no record in the factor registry yet. Set one first.");
    }
    if (canonical !== gate) {
      throw forbidden("gate-not-canonical", "A key's first record is made by the canonical gate only.");
    }
  }

  /** A recent block's hash; the Lit client puts it into the session's message. */
  async latestBlockhash(): Promise<Hex> {
    const known = this.#blockhash;
    if (known !== undefined && Date.now() - known.readAt < BLOCKHASH_AGE_MS) return known.hash;
    const { hash } = await this.#client.getBlock({ blockTag: "latest" }).catch((cause: unknown) => {
      throw unreachable(cause);
    });
    this.#blockhash = { hash, readAt: Date.now() };
    return hash;
  }

  async #read(gate: GateDigest, key: Address) {
    const gates = { address: this.#options.gateRegistry, abi: gateRegistryAbi } as const;
    const factors = { address: this.#options.factorRegistry, abi: factorRegistryAbi } as const;
    try {
      return await Promise.all([
        this.#client.readContract({ ...gates, functionName: "isAccepted", args: [gate] }),
        this.#client.readContract({ ...gates, functionName: "canonical" }),
        this.#client.readContract({ ...factors, functionName: "recordOf", args: [key] }),
      ]);
    } catch (cause) {
      throw unreachable(cause);
    }
  }
}

function forbidden(code: string, message: string): NodeError {
  return new NodeError(code, message, { status: 403 });
}

function unreachable(cause: unknown): NodeError {
  const message = "This node cannot read the registries on the chain. Check that the chain runs.";
  return new NodeError("chain-unreachable", message, { status: 503, cause });
}
