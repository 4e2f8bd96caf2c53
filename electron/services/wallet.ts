import { setTimeout as sleep } from "node:timers/promises";
import { unexpectedError, WalletError } from "#core/errors/wallet-error.ts";
import type { PendingCode, WalletState } from "#core/wallet-api/state.ts";
import type { AccountReader } from "./chain/account-reader.ts";
import type { Creation } from "./creation/creation.ts";
import type { Joining } from "./joining/joining.ts";
import { accountKeys, isComplete, newProfile, type Profile } from "./profile.ts";
import type { JsonFile } from "./storage/json-file.ts";
import type { VaultClient } from "./vault.ts";

export type LockReason = Extract<WalletState, { phase: "locked" }>["reason"];

/** So long a vault that was locked may still tell the authenticator that the session is over. */
const PATIENCE_MS = 3_000;

export interface WalletOptions {
  readonly profile: JsonFile<Profile>;
  readonly chainId: number;
  readonly vault: VaultClient;
  /** Ends the vault's process, and with it whatever of a key is still somewhere in its memory. */
  readonly endVault: (reason: WalletError) => Promise<void>;
  readonly reader: AccountReader;
  readonly creation: Creation;
  readonly joining: Pick<Joining, "account" | "run">;
  readonly onChange: (state: WalletState) => void;
  readonly onLocked: () => void;
  readonly onUnexpected: (where: string, cause: unknown) => void;
  /** Resolves when a vault that does not answer is waited for no longer. */
  readonly patience?: () => Promise<unknown>;
}

/** Where the wallet stands: no account, locked, being created, unlocked. */
export interface Wallet {
  readonly state: () => Promise<WalletState>;
  readonly sendCode: (email: string) => Promise<PendingCode>;
  readonly verifyCode: (code: string) => Promise<WalletState>;
  readonly hasUnlockCode: () => Promise<boolean>;
  /** Unlocks by the code on paper, with nobody's help. */
  readonly unlockByCode: (code: string) => Promise<WalletState>;
  readonly createUnlockCode: () => Promise<{ code: string }>;
  readonly removeUnlockCode: () => Promise<undefined>;
  readonly continueCreation: () => void;
  readonly lock: (reason: LockReason) => Promise<void>;
  /** Tells the screens when the state may have changed. */
  readonly refresh: () => Promise<void>;
  readonly isUnlocked: () => boolean;
}

const lockedMeanwhile = () =>
  new WalletError("locked", "The wallet was locked.", "Unlock it and continue. Nothing is lost.");

export function createWallet(options: WalletOptions): Wallet {
  const { profile, chainId, endVault, reader, creation, joining, onChange, onLocked, onUnexpected } = options;
  const { patience = () => sleep(PATIENCE_MS, undefined, { ref: false }) } = options;
  let unlocked = false;
  /** Attempts to open it that are under way; locking takes them back. */
  const attempts = new Set<symbol>();
  /** Settles when the vault that was locked last has ended. */
  let ending: Promise<unknown> = Promise.resolve();
  const vault: VaultClient = {
    call: async (method, input) => {
      await ending;
      return options.vault.call(method, input);
    },
  };
  let lockReason: LockReason = "start";
  let pending: { email: string; code: PendingCode } | undefined;

  // An expired code stays on the screen, which says so and offers a new one.
  const shownCode = () => (pending ? { code: pending.code } : {});

  async function state(): Promise<WalletState> {
    const current = await profile.read();
    const joined = await joining.account();
    if (!current) {
      return { phase: "welcome", ...shownCode(), ...(joined && { joining: { account: joined } }) };
    }
    const { email, account } = current;
    if (!unlocked) {
      const address = account ? { address: account.address } : {};
      return { phase: "locked", email, reason: lockReason, ...address, ...shownCode() };
    }
    if (joined) return { phase: "joining", email, address: joined };
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

  /**
   * Has the vault open the device key. It answers when it likes: what was locked meanwhile, as a computer that falls
   * asleep locks it, stays so.
   */
  async function open<T>(byVault: () => Promise<T>): Promise<T> {
    const attempt = Symbol("attempt");
    attempts.add(attempt);
    try {
      await ending;
      if (!attempts.has(attempt)) throw lockedMeanwhile();
      const answer = await byVault();
      if (!attempts.has(attempt)) throw lockedMeanwhile();
      // The device key may be open now: whatever fails from here on, locking has to close it.
      unlocked = true;
      return answer;
    } finally {
      attempts.delete(attempt);
    }
  }

  /** The device key is open: goes on where the person left. */
  async function opened(): Promise<WalletState> {
    requireUnlocked();
    pending = undefined;
    const current = await profile.read();
    if (await joining.account()) void joining.run();
    else if (!current || !isComplete(current)) continueCreation();
    await refresh();
    return state();
  }

  function requireUnlocked(): void {
    if (!unlocked) throw new WalletError("locked", "The wallet is locked.", "Unlock it and try again.");
  }

  /** Ends the vault, which forgets everything at once and then has a moment to end the session. */
  async function end(): Promise<void> {
    const locked = options.vault.call("lock", undefined).catch((cause: unknown) => {
      // A vault that cannot lock ends all the same, and so does one that does not answer.
      onUnexpected("lock", unexpectedError(cause));
    });
    await Promise.race([locked, patience()]);
    await endVault(lockedMeanwhile());
  }

  return {
    state,
    refresh,
    isUnlocked: () => unlocked,
    hasUnlockCode: () => vault.call("hasUnlockCode", undefined),
    async unlockByCode(code) {
      await open(() => options.vault.call("unlockByCode", { code }));
      return opened();
    },
    async createUnlockCode() {
      requireUnlocked();
      return vault.call("createUnlockCode", undefined);
    },
    async removeUnlockCode() {
      requireUnlocked();
      return vault.call("removeUnlockCode", undefined);
    },
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
      const { email } = await open(() => options.vault.call("verifyCode", { code }));
      if (!(await profile.read())) await profile.write(newProfile(email, chainId));
      return opened();
    },
    async lock(reason) {
      if (!unlocked && attempts.size === 0) return;
      unlocked = false;
      attempts.clear();
      lockReason = reason;
      pending = undefined;
      const ended = end();
      ending = ended.catch(() => undefined);
      // The screens wait for nobody: what they show must be gone when the computer falls asleep.
      await refresh().catch((cause: unknown) => onUnexpected("lock", cause));
      await ended;
      onLocked();
      await refresh();
    },
  };
}
