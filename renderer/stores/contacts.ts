import { defineStore } from "pinia";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { ContactCheck } from "#core/wallet-api/contacts.ts";
import { useWallet } from "../api/use-wallet.ts";
import { ofAccount } from "./of-account.ts";

/** Whom the person has named; forgotten as soon as the wallet locks. */
export const useContactsStore = defineStore("contacts", () => {
  const wallet = useWallet();
  const { known: list, error, refresh } = ofAccount(() => wallet.call("contacts.list"));

  async function add(name: string, address: Address): Promise<void> {
    list.value = await wallet.call("contacts.add", { name, address });
  }

  async function rename(name: string, address: Address): Promise<void> {
    list.value = await wallet.call("contacts.rename", { name, address });
  }

  async function remove(address: Address): Promise<void> {
    list.value = await wallet.call("contacts.remove", { address });
  }

  const check = (address: Address, name?: string): Promise<ContactCheck> =>
    wallet.call("contacts.check", { address, ...(name !== undefined && { name }) });

  /** What the person calls an address; undefined when they have no name for it. */
  const nameOf = (address: string): string | undefined =>
    list.value?.find((contact) => sameAddress(contact.address, address))?.name;

  return { list, error, refresh, add, rename, remove, check, nameOf };
});
