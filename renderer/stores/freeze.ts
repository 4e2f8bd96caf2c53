import { defineStore } from "pinia";
import { computed, watch } from "vue";
import type { OperationId } from "#core/primitives/hex.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";
import { useOperationsStore } from "./operations.ts";

/** Whether the account stands still, and what waits in its schedule; forgotten as soon as the wallet locks. */
export const useFreezeStore = defineStore("freeze", () => {
  const wallet = useWallet();
  const operations = useOperationsStore();
  const { known, error, refresh } = ofAccount(async () => {
    const [view, schedule] = await Promise.all([wallet.call("freeze.view"), wallet.call("schedule.list")]);
    return { view, schedule };
  });
  /** Undefined until first known. */
  const view = computed(() => known.value?.view);
  const schedule = computed(() => known.value?.schedule);
  const isFrozen = computed(() => view.value !== undefined && view.value.frozen !== "no");

  // What just ended may have frozen the account, or scheduled something.
  watch(
    () => operations.inFlight.length,
    () => refresh(),
  );

  /** Has what is due run: nobody signs. */
  async function run(id: OperationId): Promise<void> {
    await wallet.call("schedule.run", { id });
    await refresh();
  }

  return { view, schedule, error, isFrozen, refresh, run };
});
