import { defineStore } from "pinia";
import { computed } from "vue";
import { DEFAULT_PROFILE } from "#core/security/rules/default.ts";
import { standingOf } from "#core/security/rules/standing.ts";
import { useWallet } from "../api/use-wallet.ts";
import { dollarsOf } from "../format/dollars.ts";
import { ofAccount } from "./of-account.ts";
import { useWalletStore } from "./wallet.ts";

/** The thresholds by which the app suggests and demands levels. */
export const THRESHOLDS = DEFAULT_PROFILE.valueThresholds;

/** The account's level, value and the explorer's report; forgotten as soon as the wallet locks. */
export const useSecurityStore = defineStore("security", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  const { known: standing, ...ofStanding } = ofAccount(() => wallet.call("security.standing"));
  const { known: report, ...ofReport } = ofAccount(() => wallet.call("security.report"));
  /** Why the last look failed; what is shown then is the last that was known. */
  const error = computed(() => ofStanding.error.value ?? ofReport.error.value);

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

  return {
    standing,
    report,
    error,
    demand,
    isDismissed,
    refreshStanding: ofStanding.refresh,
    loadReport: ofReport.refresh,
    dismiss,
  };
});
