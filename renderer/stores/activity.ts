import { defineStore } from "pinia";
import { computed } from "vue";
import type { OperationId, TransactionHash } from "#core/primitives/hex.ts";
import type { ActivityFilter } from "#core/wallet-api/activity.ts";
import type { WalletOutput } from "#core/wallet-api/methods.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

type Listed = Required<WalletOutput<"activity.list">>;

/** Everything the account did and will do; forgotten as soon as the wallet locks. */
export const useActivityStore = defineStore("activity", () => {
  const wallet = useWallet();
  const { known, error, refresh } = ofAccount(async (): Promise<Listed> => {
    const before = known.value;
    const now = await wallet.call("activity.list", before ? { known: before.version } : {});
    // What did not change is not sent again.
    return { ...now, items: now.items ?? before?.items ?? [] };
  });
  /** Undefined until first known. */
  const items = computed(() => known.value?.items);
  const coming = computed(() => known.value?.coming);
  const complete = computed(() => known.value?.complete ?? false);

  const byId = (id: string) => items.value?.find((item) => item.id === id);

  /** Has what is due run. */
  async function run(id: OperationId): Promise<TransactionHash> {
    const { transactionHash } = await wallet.call("schedule.run", { id });
    await refresh();
    return transactionHash;
  }

  const save = (format: "csv" | "json", filter: ActivityFilter) =>
    wallet.call("activity.export", { format, filter });

  return { items, coming, complete, error, refresh, byId, run, save };
});
