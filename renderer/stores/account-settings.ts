import { defineStore } from "pinia";
import { computed, watch } from "vue";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";
import { useOperationsStore } from "./operations.ts";

/** What the owner of the account has set; forgotten as soon as the wallet locks. */
export const useAccountSettingsStore = defineStore("account-settings", () => {
  const wallet = useWallet();
  const operations = useOperationsStore();
  const { known: view, error, refresh } = ofAccount(() => wallet.call("accountSettings.view"));
  const keys = computed(() => view.value?.keys ?? []);

  // What just ended may have changed them.
  watch(
    () => operations.inFlight.length,
    () => refresh(),
  );

  return { view, keys, error, refresh };
});
