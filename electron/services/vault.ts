import type { Peer } from "../processes/peer.ts";
import type { VAULT_METHODS } from "../vault/protocol.ts";

/** The vault as main sees it: a process that is asked, and that never gives a key away. */
export type VaultClient = Pick<Peer<typeof VAULT_METHODS>, "call">;
