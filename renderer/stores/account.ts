import { defineStore } from "pinia";
import { computed } from "vue";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { Balance, TokenAmount } from "#core/wallet-api/state.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

const isBalance = (known: TokenAmount): known is Balance => known.amount !== undefined;

/** What the account has and what happened to it; forgotten as soon as the wallet locks. */
export const useAccountStore = defineStore("account", () => {
  const wallet = useWallet();
  const { known, error, refresh } = ofAccount(async () => {
    const [assets, activity] = await Promise.all([
      wallet.call("account.balances"),
      wallet.call("account.activity"),
    ]);
    return { assets, activity };
  });
  /** Undefined until first known. */
  const assets = computed(() => known.value?.assets);
  /** Of the assets whose contract says how much the account has; undefined until first known. */
  const balances = computed(() => assets.value?.filter(isBalance));
  const tokens = computed(() => assets.value?.map(({ token }) => token) ?? []);
  const activity = computed(() => known.value?.activity);
  const isEmpty = computed(() => assets.value?.every(({ amount }) => amount === 0n) ?? false);

  /** The balance of a token, or undefined while it is not known. */
  function balanceOf(token: string): Balance | undefined {
    return balances.value?.find((balance) => sameAddress(balance.token.address, token));
  }

  const nativeToken = computed(() => tokens.value.find(({ address }) => sameAddress(address, NATIVE_TOKEN)));

  return { assets, balances, tokens, activity, error, isEmpty, nativeToken, refresh, balanceOf };
});
