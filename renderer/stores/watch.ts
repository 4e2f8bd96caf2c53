import { defineStore } from "pinia";
import { computed, shallowRef, watch } from "vue";
import type { WatchApiView } from "#core/wallet-api/watch.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useWalletStore } from "./wallet.ts";

/** Warnings about the account, as main sends them; forgotten as soon as the wallet locks. */
export const useWatchStore = defineStore("watch", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  /** Undefined until first known. */
  const view = shallowRef<WatchApiView>();

  const current = () => walletStore.account?.address;
  watch(
    current,
    () => {
      view.value = undefined;
    },
    { flush: "sync" },
  );
  wallet.on("watch", (seen) => {
    if (current()) view.value = seen;
  });

  /** A frozen account has a banner of its own. */
  const pressing = computed(() => view.value?.warnings.find(({ remedy }) => remedy?.kind !== "unfreeze"));

  async function load(): Promise<void> {
    const address = current();
    const seen = await wallet.call("watch.view");
    if (current() === address) view.value = seen;
  }

  async function see(telling: string): Promise<void> {
    view.value = await wallet.call("watch.see", { telling });
  }

  return { view, pressing, load, see };
});
