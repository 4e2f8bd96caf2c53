import { defineStore } from "pinia";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { zHex } from "#core/primitives/hex.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

/** The account's emergency addresses; forgotten as soon as the wallet locks. */
export const useEmergencyStore = defineStore("emergency", () => {
  const wallet = useWallet();
  const { known: list, error, refresh } = ofAccount(() => wallet.call("emergency.list"));

  /** @returns the text that the wallet at the address signs */
  async function rehearse(address: Address): Promise<string> {
    return (await wallet.call("emergency.rehearse", { address })).message;
  }

  async function prove(address: Address, typed: string): Promise<void> {
    const signature = zHex.safeParse(typed.trim());
    if (!signature.success) throw notASignature();
    const seen = await wallet.call("emergency.prove", { address, signature: signature.data });
    list.value = list.value?.map((one) => (sameAddress(one.address, address) ? seen : one));
  }

  return { list, error, refresh, rehearse, prove };
});

const notASignature = () =>
  new WalletError(
    "not-a-signature",
    "This is not a signature: one starts with 0x and goes on with digits and letters a to f.",
    "Copy all of what the wallet shows as its signature.",
  );
