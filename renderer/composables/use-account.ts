import { computed, type ComputedRef } from "vue";
import type { Address } from "#core/primitives/address.ts";
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

/** The address of the account that is open, or that this computer joins; kept as by `useOpenAccount`. */
export function useAccountAddress(): ComputedRef<Address> {
  const wallet = useWalletStore();
  return computed<Address>((before) => {
    const { state } = wallet;
    const joined = state?.phase === "joining" ? state.address : undefined;
    const address = wallet.account?.address ?? joined ?? before;
    if (!address) throw new Error("this screen needs an account");
    return address;
  });
}
