import { defineStore } from "pinia";
import { computed } from "vue";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";
import { useWalletStore } from "./wallet.ts";

/** Warnings about the account, as main sends them; forgotten as soon as the wallet locks. */
export const useWatchStore = defineStore("watch", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  const { known: view, error, refresh } = ofAccount(() => wallet.call("watch.view"));

  wallet.on("watch", (seen) => {
    if (walletStore.account) view.value = seen;
  });

  /** A frozen account has a banner of its own. */
  const pressing = computed(() => view.value?.warnings.find(({ remedy }) => remedy?.kind !== "unfreeze"));

  async function see(telling: string): Promise<void> {
    view.value = await wallet.call("watch.see", { telling });
  }

  return { view, error, pressing, refresh, see };
});
