import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import { type WalletError, unexpectedError } from "#core/errors/wallet-error.ts";
import type { Address } from "#core/primitives/address.ts";
import type { GatesView } from "#core/wallet-api/gates.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useWalletStore } from "./wallet.ts";

/** Which gates decide about the account's keys; forgotten as soon as the wallet locks. */
export const useGatesStore = defineStore("gates", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  /** Undefined until first known. */
  const view = shallowRef<GatesView>();
  /** Why the last look failed; what is shown then is the last that was known. */
  const error = shallowRef<WalletError>();

  const current = () => walletStore.account?.address;
  watch(
    current,
    () => {
      view.value = undefined;
      error.value = undefined;
    },
    { flush: "sync" },
  );

  async function refresh(): Promise<void> {
    const address = current();
    if (!address) return;
    try {
      const seen = await wallet.call("gates.view");
      if (current() === address) view.value = seen;
      error.value = undefined;
    } catch (cause) {
      if (current() === address) error.value = unexpectedError(cause);
    }
  }

  /** Moves to the gate that is shown, or goes on with it; a wallet of the person's may sign along. */
  async function move(signer?: Address): Promise<void> {
    const gate = view.value?.canonical?.cid;
    if (gate) view.value = await wallet.call("gates.move", { gate, ...(signer && { wallet: signer }) });
  }

  async function stay(): Promise<void> {
    const gate = view.value?.canonical?.cid;
    if (gate) view.value = await wallet.call("gates.stay", { gate });
  }

  return { view, error, refresh, move, stay };
});
