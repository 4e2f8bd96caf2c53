import { createRpcApp, type RpcChain } from "#devnet/chain/rpc.ts";
import { listenOnLoopback } from "#devnet/http/loopback.ts";
import type { ServedChain } from "#devnet/key-network/testing/network.ts";
import type { World } from "#contracts/testing/world.ts";
import { z } from "zod";

/** Serves a chain of this process to key nodes and gates, as the devnet serves its own. */
export async function serveChain({ chain, contracts }: World): Promise<ServedChain> {
  const request = (method: string, params: readonly unknown[]): Promise<unknown> =>
    // viem types every method it knows; this passes on whatever its users may ask.
    chain.publicClient.request({ method, params } as never);
  const served: RpcChain = {
    read: request,
    sendRawTransaction: async (raw) => z.string().parse(await request("eth_sendRawTransaction", [raw])),
  };
  const server = await listenOnLoopback(createRpcApp(served), 0);
  return { rpcUrl: server.url, contracts, close: () => server.close() };
}
