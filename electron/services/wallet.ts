import { unexpectedError, WalletError } from "#core/errors/wallet-error.ts";
import type { PendingCode, WalletState } from "#core/wallet-api/state.ts";
import type { AccountReader } from "./chain/account-reader.ts";
import type { Creation } from "./creation/creation.ts";
import { accountKeys, isComplete, newProfile, type Profile } from "./profile.ts";
import type { JsonFile } from "./storage/json-file.ts";
import type { VaultClient } from "./vault.ts";

export type LockReason = Extract<WalletState, { phase: "locked" }>["reason"];

export interface WalletOptions {
  readonly profile: JsonFile<Profile>;
  readonly chainId: number;
  readonly vault: VaultClient;
  /** Ends the vault's process, and with it whatever of a key is still somewhere in its memory. */
  readonly endVault: (reason: WalletError) => Promise<void>;
  readonly reader: AccountReader;
  readonly creation: Creation;
  readonly onChange: (state: WalletState) => void;
  readonly onLocked: () => void;
  readonly onUnexpected: (where: string, cause: unknown) => void;
}

/** Where the wallet stands: no account, locked, being created, unlocked. */
export interface Wallet {
  readonly state: () => Promise<WalletState>;
  readonly sendCode: (email: string) => Promise<PendingCode>;
  readonly verifyCode: (code: string) => Promise<WalletState>;
  readonly continueCreation: () => void;
  readonly lock: (reason: LockReason) => Promise<void>;
  /** Tells the screens when the state may have changed. */
  readonly refresh: () => Promise<void>;
  readonly isUnlocked: () => boolean;
}

export function createWallet(options: WalletOptions): Wallet {
  const { profile, chainId, vault, endVault, reader, creation, onChange, onLocked, onUnexpected } = options;
  let unlocked = false;
  let lockReason: LockReason = "start";
  let pending: { email: string; code: PendingCode } | undefined;

  // An expired code stays on the screen, which says so and offers a new one.
  const shownCode = () => (pending ? { code: pending.code } : {});

  async function state(): Promise<WalletState> {
    const current = await profile.read();
    if (!current) return { phase: "welcome", ...shownCode() };
    const { email, account } = current;
    if (!unlocked) {
      const address = account ? { address: account.address } : {};
      return { phase: "locked", email, reason: lockReason, ...address, ...shownCode() };
    }
    if (!account || !isComplete(current) || creation.isRunning()) {
      return { phase: "creating", email, steps: creation.steps(current), running: creation.isRunning() };
    }
    return {
      phase: "unlocked",
      email,
      account: {
        address: account.address,
        deployed: await reader.isDeployed(account.address).catch(() => false),
        keys: accountKeys(current),
      },
    };
  }

  async function refresh(): Promise<void> {
    onChange(await state());
  }

  function continueCreation(): void {
    void creation.run().catch((cause: unknown) => onUnexpected("creation", cause));
  }

  return {
    state,
    refresh,
    isUnlocked: () => unlocked,
    continueCreation,
    async sendCode(typed) {
      const email = (await profile.read())?.email ?? typed.trim();
      const code = await vault.call("sendCode", { email });
      pending = { email, code };
      await refresh();
      return code;
    },
    async verifyCode(code) {
      if (!pending) {
        throw new WalletError("no-code-sent", "No code was sent yet.", "Ask for a code first.");
      }
      const { email } = await vault.call("verifyCode", { code });
      pending = undefined;
      unlocked = true;
      const current = await profile.read();
      if (!current) {
        await profile.write(newProfile(email, chainId));
      }
      if (!current || !isComplete(current)) continueCreation();
      await refresh();
      return state();
    },
    async lock(reason) {
      if (!unlocked) return;
      unlocked = false;
      lockReason = reason;
      pending = undefined;
      try {
        await vault.call("lock", undefined);
      } catch (cause) {
        // A vault that does not answer ends all the same.
        onUnexpected("lock", unexpectedError(cause));
      }
      await endVault(
        new WalletError("locked", "The wallet was locked.", "Unlock it and continue. Nothing is lost."),
      );
      onLocked();
      await refresh();
    },
  };
}
