import { type InjectionKey, inject } from "vue";
import type { WalletClient } from "./wallet.ts";

/** Under this key main.ts provides the one wallet client of the app. */
export const WALLET_CLIENT: InjectionKey<WalletClient> = Symbol("wallet client");

/** The wallet client, inside a component or a store. */
export function useWallet(): WalletClient {
  const client = inject(WALLET_CLIENT);
  if (!client) throw new Error("no wallet client was provided to this app");
  return client;
}
