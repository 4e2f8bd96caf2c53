import { parentPort } from "../processes/parent-port.ts";
import { createPeer } from "../processes/peer.ts";
import { KEY_NETWORK_METHODS, KEY_NETWORK_NEEDS } from "./protocol.ts";
import { createKeyNetworkService } from "./service.ts";

/** The key-network process: see service.ts. Started by main as a utility process. */
function onUnexpected(where: string, cause: unknown): void {
  // Neither keys nor tokens: errors of the client name nodes and states.
  process.stderr.write(`key-network: ${where}: ${cause instanceof Error ? cause.message : String(cause)}\n`);
}

const main: ReturnType<typeof createPeer<typeof KEY_NETWORK_METHODS, typeof KEY_NETWORK_NEEDS>> = createPeer({
  port: parentPort(),
  serves: KEY_NETWORK_METHODS,
  handlers: createKeyNetworkService(async (grant) => (await main.call("signSession", grant)).signature),
  calls: KEY_NETWORK_NEEDS,
  onUnexpected,
});
