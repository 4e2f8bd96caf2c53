import { defineStore } from "pinia";
import { computed, shallowRef, watch } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";
import { standingOf } from "#core/security/rules/standing.ts";
import type { SecurityReport, SecurityStanding } from "#core/wallet-api/security.ts";
import { useWallet } from "../api/use-wallet.ts";
import { dollarsOf } from "../format/dollars.ts";
import { useWalletStore } from "./wallet.ts";

/** The thresholds by which the app suggests and demands levels. */
export const THRESHOLDS = DEFAULT_PROFILE.valueThresholds;

/** The account's level, value and the explorer's report; forgotten as soon as the wallet locks. */
export const useSecurityStore = defineStore("security", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  /** Undefined until first known. */
  const standing = shallowRef<SecurityStanding>();
  const report = shallowRef<SecurityReport>();
  /** Why the last look failed; what is shown then is the last that was known. */
  const error = shallowRef<WalletError>();

  const current = () => walletStore.account?.address;

  watch(
    current,
    () => {
      standing.value = undefined;
      report.value = undefined;
      error.value = undefined;
    },
    { flush: "sync" },
  );

  async function ask<T>(question: () => Promise<T>, keep: (answer: T) => void): Promise<void> {
    const address = current();
    if (!address) return;
    try {
      const answer = await question();
      if (current() !== address) return;
      keep(answer);
      error.value = undefined;
    } catch (cause) {
      if (current() === address) error.value = unexpectedError(cause);
    }
  }

  const refreshStanding = () =>
    ask(
      () => wallet.call("security.standing"),
      (answer) => (standing.value = answer),
    );
  const loadReport = () =>
    ask(
      () => wallet.call("security.report"),
      (answer) => (report.value = answer),
    );

  /** What follows from level and value; nothing is suggested or demanded while they are not known. */
  const demand = computed(() =>
    standing.value
      ? standingOf(standing.value.level, dollarsOf(standing.value.value.cents), THRESHOLDS)
      : ({ nudge: "none" } as const),
  );

  /** A suggestion is put away until a higher level is suggested; a demand stays. */
  const isDismissed = computed(
    () =>
      demand.value.nudge === "encouraged" &&
      (demand.value.encouraged?.level ?? 0) <= (walletStore.settings.dismissedLevel ?? 0),
  );

  async function dismiss(): Promise<void> {
    const level = demand.value.encouraged?.level;
    if (level !== undefined)
      await walletStore.saveSettings({ ...walletStore.settings, dismissedLevel: level });
  }

  return { standing, report, error, demand, isDismissed, refreshStanding, loadReport, dismiss };
});
