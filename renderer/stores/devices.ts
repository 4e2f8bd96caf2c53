import { defineStore } from "pinia";
import { computed, watch } from "vue";
import type { KeyId } from "#core/primitives/hex.ts";
import type { OpenedRequest } from "#core/wallet-api/devices.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";
import { useOperationsStore } from "./operations.ts";
import { useWatchStore } from "./watch.ts";

/** The computers of the open account; forgotten as soon as the wallet locks. */
export const useDevicesStore = defineStore("devices", () => {
  const wallet = useWallet();
  const operations = useOperationsStore();
  const watching = useWatchStore();
  const { known, error, refresh } = ofAccount(() => wallet.call("devices.list"));
  /** Undefined until first known. */
  const list = computed(() => known.value?.devices);
  const accountLink = computed(() => known.value?.accountLink);

  // What just ended, or what the watcher saw, may have added, activated or removed one.
  watch([() => operations.inFlight.length, () => watching.view], () => refresh());

  const openRequest = (text: string): Promise<OpenedRequest> => wallet.call("devices.openRequest", { text });
  const compare = (id: KeyId, code: string): Promise<OpenedRequest> =>
    wallet.call("devices.compare", { id, code });

  return { list, accountLink, error, refresh, openRequest, compare };
});
