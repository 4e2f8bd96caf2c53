import type { Address } from "#core/primitives/address.ts";
import type { Operations } from "../services/operations/operations.ts";
import type { AccountReader } from "../services/chain/account-reader.ts";
import type { ChainClient } from "../services/chain/client.ts";
import type { ExitKits } from "../services/exit-kit/exit-kit.ts";
import type { Profile } from "../services/profile.ts";
import type { Emergency } from "../services/emergency/emergency.ts";
import type { Freeze } from "../services/freeze/freeze.ts";
import type { Schedule } from "../services/schedule/schedule.ts";
import type { Security } from "../services/security/security.ts";
import type { settingsService } from "../services/settings.ts";
import type { Factors } from "../services/factors/factors.ts";
import type { Gates } from "../services/gates/gates.ts";
import type { Proofs } from "../services/proofs/proofs.ts";
import type { Records } from "../services/records/records.ts";
import type { AccountWatch } from "../services/watcher/account-watch.ts";
import type { VaultClient } from "../services/vault.ts";
import type { Wallet } from "../services/wallet.ts";
import type { ConfirmWindow } from "./windows/confirm-window.ts";

/** What the handlers of the wallet API work with; put together in `compose.ts`. */
export interface Services {
  readonly chain: ChainClient;
  readonly reader: AccountReader;
  readonly vault: VaultClient;
  readonly wallet: Wallet;
  readonly watch: AccountWatch;
  readonly operations: Operations;
  readonly proofs: Proofs;
  readonly factors: Factors;
  readonly gates: Gates;
  readonly records: Records;
  readonly emergency: Emergency;
  readonly freeze: Freeze;
  readonly schedule: Schedule;
  readonly security: Security;
  readonly exitKits: ExitKits;
  readonly settings: ReturnType<typeof settingsService>;
  readonly profile: { readonly get: () => Promise<Profile> };
  readonly confirmWindow: ConfirmWindow;
  /** The account's address; a WalletError when the wallet is locked or has none yet. */
  readonly account: () => Promise<Address>;
}
