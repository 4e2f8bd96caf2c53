import { createPeer } from "../processes/peer.ts";
import { parentPort } from "../processes/parent-port.ts";
import { VAULT_METHODS, VAULT_NEEDS } from "./protocol.ts";
import { createVault } from "./vault.ts";

/** The vault process: see vault.ts. Started by main as a utility process. */
function onUnexpected(where: string, cause: unknown): void {
  // Errors of the vault never hold keys, codes or tokens; main's log keeps standard error in development.
  process.stderr.write(`vault: ${where}: ${cause instanceof Error ? cause.message : String(cause)}\n`);
}

const port = parentPort();
const main: ReturnType<typeof createPeer<typeof VAULT_METHODS, typeof VAULT_NEEDS>> = createPeer({
  port,
  serves: VAULT_METHODS,
  handlers: createVault({ main: { call: (method, input) => main.call(method, input) }, onUnexpected }),
  calls: VAULT_NEEDS,
  onUnexpected,
});
