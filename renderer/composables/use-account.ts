import { computed, type ComputedRef } from "vue";
import type { Account } from "#core/wallet-api/state.ts";
import { useWalletStore } from "../stores/wallet.ts";

/**
 * The open account, for screens that exist only while there is one. While such a screen leaves because the wallet
 * locked, it keeps what it had.
 */
export function useOpenAccount(): ComputedRef<Account> {
  const wallet = useWalletStore();
  return computed<Account>((before) => {
    const account = wallet.account ?? before;
    if (!account) throw new Error("this screen needs an open account");
    return account;
  });
}
