import type { Account, Chain, HttpTransport, PublicClient, WalletClient } from "viem";
import { createPublicClient, createWalletClient, defineChain, http } from "viem";
import { CHAIN_ID } from "./id.ts";

/** The clients through which the devnet itself uses its chain, as anybody would: over its public JSON-RPC. */
export interface ChainClients {
  reader: PublicClient<HttpTransport, Chain>;
  /** A client that signs as one of the devnet's own accounts. */
  as(account: Account): WalletClient<HttpTransport, Chain, Account>;
}

export function createChainClients(rpcUrl: string): ChainClients {
  const chain = defineChain({
    id: CHAIN_ID,
    name: "Trivet devnet",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  // Blocks are there the moment a transaction is answered, and a refusal does not change by asking again.
  const options = { chain, transport: http(rpcUrl, { retryCount: 0 }), pollingInterval: 50, cacheTime: 0 };
  return {
    reader: createPublicClient(options),
    as: (account) => createWalletClient({ ...options, account }),
  };
}
