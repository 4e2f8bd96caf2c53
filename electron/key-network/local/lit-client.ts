import type { LitNodeClientNodeJs } from "@lit-protocol/lit-node-client";
import { z } from "zod";
import { devnetStakingAbi } from "#contracts/abi.ts";
import type { LocalKeyNetworkConfig } from "#core/config/network.ts";
import type { SessionSignature } from "./session.ts";

/** One gate run as it is sent to every node. */
export interface Execution {
  readonly code: string;
  readonly jsParams: object;
  /** By node URL. */
  readonly sessionSigs: Record<string, SessionSignature>;
}

/** What a run brought back. */
export interface ExecutionResult {
  /** Every node's own answer. */
  readonly responses: readonly string[];
  /** The combined signatures by name; undefined when nobody signed or the shares did not fit together. */
  readonly signatures: Readonly<Record<string, { readonly signature: string }>> | undefined;
  /** Why the shares did not fit together. */
  readonly combineError?: unknown;
}

/** A connection to the nodes that the staking contract lists; the client follows the list by itself. */
export interface LitConnection {
  nodeUrls(): readonly string[];
  /** A recent block hash, as the nodes gave it at the handshake. */
  blockhash(): string;
  execute(execution: Execution): Promise<ExecutionResult>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Nodes give up a run after 12 s; a little longer, so that their own explanation arrives first. */
const EXECUTE_TIMEOUT_MS = 20_000;

const zResponses = z.array(z.string());
const zSignatures = z.record(z.string(), z.object({ signature: z.string() }));

/** The real Lit client, unmodified. It is large: loaded when it is first needed, never at start. */
async function loadClient(): Promise<typeof LitNodeClientNodeJs> {
  // Notices about names inside the client itself, which nobody here can act upon.
  process.env.NO_DEPRECATION ??= "lit-js-sdk:constants:errors lit-js-sdk:constants:constants";
  const { LitNodeClientNodeJs: Client } = await import("@lit-protocol/lit-node-client");
  return Client;
}

async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    timeout.reject(new Error(`no answer within ${milliseconds / 1000} s`));
  }, milliseconds);
  try {
    return await Promise.race([promise, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Keeps one connection for as long as it is good. Nodes come and go: after a failure the connection is dropped, and
 * the next use reads the staking contract again.
 */
export class LitConnector {
  readonly #config: LocalKeyNetworkConfig;
  #client: LitNodeClientNodeJs | undefined;
  #connecting: Promise<LitConnection> | undefined;

  constructor(config: LocalKeyNetworkConfig) {
    this.#config = config;
  }

  /** The connection; made now if there is none. Rejects when a listed node does not answer. */
  async connect(): Promise<LitConnection> {
    const connecting = this.#connecting ?? this.#open();
    this.#connecting = connecting;
    try {
      return await connecting;
    } catch (error) {
      if (this.#connecting === connecting) this.#connecting = undefined;
      throw error;
    }
  }

  /** Drops the connection. */
  async reset(): Promise<void> {
    const client = this.#client;
    this.#connecting = undefined;
    this.#client = undefined;
    await client?.disconnect();
  }

  #options(): ConstructorParameters<typeof LitNodeClientNodeJs>[0] {
    const options = {
      litNetwork: "custom",
      rpcUrl: this.#config.rpcUrl,
      contractContext: { Staking: { address: this.#config.staking, abi: devnetStakingAbi } },
      checkNodeAttestation: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      debug: false,
    };
    // The client's types demand all of a Lit network's contracts; to run a gate it uses only this one.
    return options as unknown as ConstructorParameters<typeof LitNodeClientNodeJs>[0];
  }

  async #open(): Promise<LitConnection> {
    const Client = await loadClient();
    await this.#client?.disconnect();
    const client = new Client(this.#options());
    this.#client = client;
    await client.connect();
    return {
      nodeUrls: () => [...client.connectedNodes],
      blockhash() {
        if (client.latestBlockhash === null) throw new Error("the nodes gave no block hash");
        return client.latestBlockhash;
      },
      execute: (execution) => withTimeout(execute(client, execution), EXECUTE_TIMEOUT_MS),
    };
  }
}

async function execute(client: LitNodeClientNodeJs, execution: Execution): Promise<ExecutionResult> {
  let responses: string[] | undefined;
  try {
    const result = await client.executeJs({
      ...execution,
      responseStrategy: {
        strategy: "custom",
        // Called with every node's answer before shares are combined.
        customFilter: (all) => {
          responses = zResponses.parse(all);
          return {};
        },
      },
    });
    if (!responses) throw new Error("the client gave no answers");
    return { responses, signatures: zSignatures.safeParse(result.signatures).data };
  } catch (error) {
    // Without answers the nodes failed; with answers they agreed, but their shares make no signature.
    if (!responses) throw error;
    return { responses, signatures: undefined, combineError: error };
  }
}
