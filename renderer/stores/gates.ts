import { defineStore } from "pinia";
import type { Address } from "#core/primitives/address.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

/** Which gates decide about the account's keys; forgotten as soon as the wallet locks. */
export const useGatesStore = defineStore("gates", () => {
  const wallet = useWallet();
  const { known: view, error, refresh } = ofAccount(() => wallet.call("gates.view"));

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
