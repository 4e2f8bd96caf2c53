import { defineStore } from "pinia";
import { computed } from "vue";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { Balance } from "#core/wallet-api/state.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

/** What the account has and what happened to it; forgotten as soon as the wallet locks. */
export const useAccountStore = defineStore("account", () => {
  const wallet = useWallet();
  const { known, error, refresh } = ofAccount(async () => {
    const [balances, activity] = await Promise.all([
      wallet.call("account.balances"),
      wallet.call("account.activity"),
    ]);
    return { balances, activity };
  });
  /** Undefined until first known. */
  const balances = computed(() => known.value?.balances);
  const activity = computed(() => known.value?.activity);
  const isEmpty = computed(() => balances.value?.every((balance) => balance.amount === 0n) ?? false);

  /** The balance of a token, or undefined while it is not known. */
  function balanceOf(token: string): Balance | undefined {
    return balances.value?.find((balance) => sameAddress(balance.token.address, token));
  }

  const nativeToken = computed(() => balanceOf(NATIVE_TOKEN)?.token);

  return { balances, activity, error, isEmpty, nativeToken, refresh, balanceOf };
});
