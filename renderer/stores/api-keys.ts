import { defineStore } from "pinia";
import { computed } from "vue";
import type { KeyId } from "#core/primitives/hex.ts";
import type { ApiKey } from "#core/wallet-api/api-keys.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

/** The keys for scripts that were made here; forgotten as soon as the wallet locks. */
export const useApiKeysStore = defineStore("api-keys", () => {
  const wallet = useWallet();
  const { known, error, refresh } = ofAccount(() => wallet.call("apiKeys.list"));
  const list = computed(() => known.value?.keys);
  /** Whether new ones can be made on this network. */
  const possible = computed(() => known.value?.possible ?? false);
  const remember = (keys: ApiKey[]) => {
    known.value = { possible: possible.value, keys };
  };

  /** @returns the name of the file; undefined where the person decided against it */
  async function create(name: string, password: string | undefined): Promise<string | undefined> {
    const { created } = await wallet.call("apiKeys.create", {
      name,
      ...(password !== undefined && { password }),
    });
    if (!created) return undefined;
    remember([...(list.value ?? []), created.key]);
    return created.savedAs;
  }

  async function forget(id: KeyId): Promise<void> {
    remember(await wallet.call("apiKeys.forget", { id }));
  }

  return { list, possible, error, refresh, create, forget };
});
