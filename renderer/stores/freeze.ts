import { defineStore } from "pinia";
import { computed, shallowRef, watch } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";
import type { FreezeView } from "#core/wallet-api/freeze.ts";
import type { Scheduled } from "#core/wallet-api/schedule.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useOperationsStore } from "./operations.ts";
import { useWalletStore } from "./wallet.ts";

/** Whether the account stands still, and what waits in its schedule; forgotten as soon as the wallet locks. */
export const useFreezeStore = defineStore("freeze", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  const operations = useOperationsStore();
  /** Undefined until first known. */
  const view = shallowRef<FreezeView>();
  const schedule = shallowRef<readonly Scheduled[]>();
  /** Why the last look failed; what is shown then is the last that was known. */
  const error = shallowRef<WalletError>();

  const current = () => walletStore.account?.address;
  const isFrozen = computed(() => view.value !== undefined && view.value.frozen !== "no");

  watch(
    current,
    () => {
      view.value = undefined;
      schedule.value = undefined;
      error.value = undefined;
    },
    { flush: "sync" },
  );

  async function refresh(): Promise<void> {
    const address = current();
    if (!address) return;
    try {
      const [seen, scheduled] = await Promise.all([wallet.call("freeze.view"), wallet.call("schedule.list")]);
      if (current() !== address) return;
      view.value = seen;
      schedule.value = scheduled;
      error.value = undefined;
    } catch (cause) {
      if (current() === address) error.value = unexpectedError(cause);
    }
  }

  // What just ended may have frozen the account, or scheduled something.
  watch(
    () => operations.inFlight.length,
    () => refresh(),
  );

  return { view, schedule, error, isFrozen, refresh };
});
