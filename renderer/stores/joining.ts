import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import type { Address } from "#core/primitives/address.ts";
import type { OperationId } from "#core/primitives/hex.ts";
import type { JoiningView } from "#core/wallet-api/joining.ts";
import { useWallet } from "../api/use-wallet.ts";
import { useWalletStore } from "./wallet.ts";

/** How this computer comes to an account; forgotten as soon as it is in, locks or gives up. */
export const useJoiningStore = defineStore("joining", () => {
  const wallet = useWallet();
  const walletStore = useWalletStore();
  /** Undefined until first known. */
  const view = shallowRef<JoiningView>();
  const isJoining = () => walletStore.state?.phase === "joining";

  watch(
    isJoining,
    () => {
      view.value = undefined;
    },
    { flush: "sync" },
  );
  const keep = (seen: JoiningView) => {
    if (isJoining()) view.value = seen;
  };
  wallet.on("joining", keep);

  async function load(): Promise<void> {
    keep(await wallet.call("joining.view"));
  }
  async function begin(text: string): Promise<void> {
    await wallet.call("joining.begin", { text });
  }
  async function again(): Promise<void> {
    await wallet.call("joining.again");
  }
  async function drop(): Promise<void> {
    await wallet.call("joining.drop");
  }
  async function tryAgain(): Promise<void> {
    await wallet.call("joining.continue");
  }
  async function useLedger(signer: Address, model: string | undefined): Promise<void> {
    keep(await wallet.call("joining.useLedger", { signer, ...(model && { model }) }));
  }
  async function usePasskey(): Promise<void> {
    keep(await wallet.call("joining.usePasskey"));
  }
  /** Has what is due run: nobody signs. */
  async function runScheduled(id: OperationId): Promise<void> {
    await wallet.call("schedule.run", { id });
    await load();
  }
  async function saveRequest(): Promise<string | undefined> {
    return (await wallet.call("joining.saveRequest")).savedAs;
  }

  return { view, load, begin, again, drop, tryAgain, useLedger, usePasskey, runScheduled, saveRequest };
});
