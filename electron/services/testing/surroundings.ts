import type { NetworkConfig } from "#core/config/network.ts";
import type { AuthenticatorHarness } from "#devnet/authenticator/testing/harness.ts";
import type { Person } from "../../vault/authenticator/testing/person.ts";
import type { Relay } from "../chain/relay.ts";
import type { KeyNetworkService } from "../key-network.ts";
import type { VaultClient } from "../vault.ts";

/** What an app of a test stands on; the World is one. */
export interface Surroundings {
  readonly config: NetworkConfig;
  readonly authenticator: AuthenticatorHarness;
  /** Whether time is what it is, and cannot pass faster: the gates of a real network look at their own clocks. */
  readonly realTime: boolean;
  /** What the accounts of this world are worth, in US cents. */
  readonly cents: bigint | undefined;
  /** How long the apps wait for a receipt, in milliseconds; undefined: as long as the real one. */
  readonly patience: number | undefined;
  relay(): Relay;
  keyNetwork(vault: VaultClient): Promise<KeyNetworkService>;
  /** A vault that was just started with the keys of a directory. */
  startVault(directory: string): Promise<VaultClient>;
  /** Whose account a directory holds. */
  person(directory: string): Person;
  emailOf(directory: string): string;
}
