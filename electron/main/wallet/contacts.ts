import type { Services } from "../services.ts";
import type { HandlersOf } from "./handlers.ts";

export function contactsHandlers({ account, contacts }: Services): HandlersOf<"contacts"> {
  /** Contacts are the person's, and nobody's who finds the wallet locked. */
  const opened = async () => {
    await account();
    return contacts;
  };
  return {
    "contacts.list": async () => (await opened()).list(),
    "contacts.add": async (contact) => (await opened()).add(contact),
    "contacts.rename": async (contact) => (await opened()).rename(contact),
    "contacts.remove": async ({ address }) => (await opened()).remove(address),
    "contacts.check": async (candidate) => (await opened()).check(candidate),
  };
}
