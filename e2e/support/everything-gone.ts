import type { Devnet } from "./devnet.ts";
import type { Lines } from "./lines/lines.ts";

/** The authenticator and all key nodes, for good. */
export async function everythingGoes(devnet: Devnet, lines: Lines): Promise<void> {
  lines.authenticator.cut();
  const { keyNetwork } = devnet.network;
  if (keyNetwork.adapter !== "local") throw new Error("the devnet's key network has no nodes");
  for (const { index } of keyNetwork.nodes) await devnet.stopNode(index);
}
