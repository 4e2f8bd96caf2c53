import {
  createPublicClient,
  fallback,
  http,
  type PublicClient,
  type TransactionReceipt,
  WaitForTransactionReceiptTimeoutError,
} from "viem";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { TransactionHash } from "#core/primitives/hex.ts";

/** A read-only client of the configured chain. */
export interface ChainClient {
  readonly config: NetworkConfig;
  readonly client: PublicClient;
  /**
   * Runs a reading call; a chain that cannot be reached, or that is another chain than the configured one, becomes a
   * WalletError ("chain-unreachable", "wrong-network").
   */
  readonly read: <T>(call: (client: PublicClient) => Promise<T>) => Promise<T>;
  /**
   * Waits for what a relay says it sent; undefined when the chain does not show it in time. It may be a transaction of
   * anybody's: what came of it is asked of the chain itself.
   */
  readonly receipt: (hash: TransactionHash) => Promise<TransactionReceipt | undefined>;
}

const unreachable = (cause: unknown) =>
  new WalletError(
    "chain-unreachable",
    "The chain cannot be reached.",
    "Check the connection (or start the devnet), then continue. Nothing is lost.",
    { cause },
  );

/** Failures that say that nobody answered, as opposed to an answer that is an error. */
function isTransportFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (["HttpRequestError", "TimeoutError"].includes(error.name)) return true;
  return isTransportFailure(error.cause);
}

/** Ten blocks of the slowest chain that is meant (12 s each): what is not in by then was dropped, or priced too low. */
const PATIENCE_MS = 120_000;

/** @param patience how long a receipt is waited for, in milliseconds */
export function createChainClient(config: NetworkConfig, patience = PATIENCE_MS): ChainClient {
  const client = createPublicClient({
    transport: fallback(config.chain.rpcUrls.map((url) => http(url, { retryCount: 1, timeout: 10_000 }))),
    pollingInterval: config.kind === "devnet" ? 200 : 4_000,
  });
  let checked = false;

  async function checkChainId(): Promise<void> {
    if (checked) return;
    const chainId = await client.getChainId();
    if (chainId !== config.chain.id) {
      throw new WalletError(
        "wrong-network",
        `This wallet is set up for ${config.chain.name} (chain ${config.chain.id}), but the chain that answers is ${chainId}.`,
        "Correct the RPC address in the network configuration. Nothing is signed for another chain.",
      );
    }
    checked = true;
  }

  const read: ChainClient["read"] = async (call) => {
    try {
      await checkChainId();
      return await call(client);
    } catch (error) {
      if (!isTransportFailure(error)) throw error;
      checked = false;
      throw unreachable(error);
    }
  };

  return {
    config,
    client,
    read,
    async receipt(hash) {
      try {
        return await read((asked) => asked.waitForTransactionReceipt({ hash, timeout: patience }));
      } catch (error) {
        if (error instanceof WaitForTransactionReceiptTimeoutError) return undefined;
        throw error;
      }
    },
  };
}
