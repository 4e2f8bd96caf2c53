import type { PeopleNames } from "#core/activity/words.ts";
import type { Contact } from "#core/contacts/contact.ts";
import { addressOfKey, keyId } from "#core/keys/key.ts";
import { ROLES } from "#core/keys/role.ts";
import { sameAddress } from "#core/primitives/address.ts";
import type { HeldKeys } from "./profile.ts";

/** What the person calls people, wherever sentences name them: by the contacts, and by the friends who hold keys. */
export function namedPeople(contacts: readonly Contact[], keys: HeldKeys): PeopleNames {
  const friends = ROLES.flatMap((role) => keys[role]).filter(({ holder }) => holder === "friend");
  const isOf = (address: string, signer: string | undefined) =>
    signer !== undefined && sameAddress(signer, address);
  return {
    person: (address) =>
      contacts.find((contact) => isOf(address, contact.address))?.name ??
      friends.find(({ key }) => isOf(address, addressOfKey(key)))?.detail,
    friend: (id) => friends.find(({ key }) => keyId(key) === id)?.detail,
  };
}
