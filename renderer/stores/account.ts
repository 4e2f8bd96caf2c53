import { defineStore } from "pinia";
import { computed, shallowRef, watch } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { ActivityItem } from "#core/wallet-api/operation-view.ts";
import type { Balance } from "#core/wallet-api/state.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useWalletStore } from "./wallet.ts";

/** What the account has and what happened to it; forgotten as soon as the wallet locks. */
export const useAccountStore = defineStore("account", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  /** Undefined until first known. */
  const balances = shallowRef<Balance[]>();
  const activity = shallowRef<ActivityItem[]>();
  /** Why the last refresh failed; what is shown then is the last that was known. */
  const error = shallowRef<WalletError>();

  const current = () => walletStore.account?.address;
  const isEmpty = computed(() => balances.value?.every((balance) => balance.amount === 0n) ?? false);

  watch(
    current,
    () => {
      balances.value = undefined;
      activity.value = undefined;
      error.value = undefined;
    },
    { flush: "sync" },
  );

  async function refresh(): Promise<void> {
    const address = current();
    if (!address) return;
    try {
      const [nextBalances, nextActivity] = await Promise.all([
        wallet.call("account.balances"),
        wallet.call("account.activity"),
      ]);
      // Locked or changed meanwhile: these numbers are nobody's business any more.
      if (current() !== address) return;
      balances.value = nextBalances;
      activity.value = nextActivity;
      error.value = undefined;
    } catch (cause) {
      if (current() === address) error.value = unexpectedError(cause);
    }
  }

  /** The balance of a token, or undefined while it is not known. */
  function balanceOf(token: string): Balance | undefined {
    return balances.value?.find((balance) => sameAddress(balance.token.address, token));
  }

  const nativeToken = computed(() => balanceOf(NATIVE_TOKEN)?.token);

  return { balances, activity, error, isEmpty, nativeToken, refresh, balanceOf };
});
