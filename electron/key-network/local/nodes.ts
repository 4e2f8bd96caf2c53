import type { NetworkConfig } from "#core/config/network.ts";

export type NodeConfig = NetworkConfig["keyNetwork"]["nodes"][number];

/** Of how many nodes a key is, and how many of them sign: three of four (design of the network's key creation). */
export const NODES_TO_SIGN = 3;

const TIMEOUT_MS = 1_500;

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

/** Asks every node whether it runs. */
export async function probeNodes(
  nodes: readonly NodeConfig[],
): Promise<{ readonly index: number; readonly isRunning: boolean }[]> {
  return Promise.all(nodes.map(async ({ index, url }) => ({ index, isRunning: await isRunning(url) })));
}
