import type { LocalKeyNetworkConfig } from "#core/config/network.ts";

export type NodeConfig = LocalKeyNetworkConfig["nodes"][number];

/** How many nodes sign together: any three of four. */
export const NODES_TO_SIGN = 3;

/** A node that is stopped refuses at once; this is for one that hangs, and for a busy computer. */
const TIMEOUT_MS = 3_000;

async function isRunning(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("/health", url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Whatever the reason, a node that gives no answer cannot help.
    return false;
  }
}

/** The nodes that do not answer. */
export async function silentNodes(nodes: readonly NodeConfig[]): Promise<NodeConfig[]> {
  const probed = await Promise.all(nodes.map(async (node) => ({ node, runs: await isRunning(node.url) })));
  return probed.filter(({ runs }) => !runs).map(({ node }) => node);
}
