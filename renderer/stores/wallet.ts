import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";
import type { WalletError } from "#core/errors/wallet-error.ts";
import {
  type AppInfo,
  DEFAULT_SETTINGS,
  type PendingCode,
  type Settings,
  type WalletState,
} from "#core/wallet-api/state.ts";
import { useWallet } from "../api/use-wallet.ts";

/** Where the wallet stands, what the app is, and its settings; kept up to date by main's events. */
export const useWalletStore = defineStore("wallet", () => {
  const wallet = useWallet();
  const state = shallowRef<WalletState>();
  const info = shallowRef<AppInfo>();
  const settings = shallowRef<Settings>(DEFAULT_SETTINGS);
  /** Set when main says something that cannot be understood; only a restart helps. */
  const problem = shallowRef<WalletError>();

  const account = computed(() => (state.value?.phase === "unlocked" ? state.value.account : undefined));
  const email = computed(() =>
    state.value && state.value.phase !== "welcome" ? state.value.email : undefined,
  );

  wallet.on("state", (next) => (state.value = next));
  wallet.on("settings", (next) => (settings.value = next));

  /** Asks for everything once, at the start. An event that arrives meanwhile is newer than the answer. */
  async function load(): Promise<void> {
    const [stateAnswer, infoAnswer, settingsAnswer] = await Promise.all([
      wallet.call("wallet.state"),
      wallet.call("app.info"),
      wallet.call("settings.get"),
    ]);
    info.value = infoAnswer;
    settings.value = settingsAnswer;
    state.value ??= stateAnswer;
  }

  function keepCode(code: PendingCode): void {
    if (state.value?.phase === "welcome" || state.value?.phase === "locked") {
      state.value = { ...state.value, code };
    }
  }

  async function sendCode(address: string): Promise<void> {
    keepCode(await wallet.call("wallet.sendCode", { email: address }));
  }

  async function verifyCode(code: string): Promise<void> {
    state.value = await wallet.call("wallet.verifyCode", { code });
  }

  async function unlockByCode(code: string): Promise<void> {
    state.value = await wallet.call("wallet.unlockByCode", { code });
  }

  async function continueCreation(): Promise<void> {
    await wallet.call("wallet.continueCreation");
  }

  async function lock(): Promise<void> {
    await wallet.call("wallet.lock");
  }

  async function saveSettings(next: Settings): Promise<void> {
    settings.value = await wallet.call("settings.set", next);
  }

  function report(error: WalletError): void {
    problem.value = error;
  }

  return {
    state,
    info,
    settings,
    problem,
    account,
    email,
    load,
    sendCode,
    verifyCode,
    unlockByCode,
    continueCreation,
    lock,
    saveSettings,
    report,
  };
});
