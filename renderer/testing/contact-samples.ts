import { zContactCheck } from "#core/wallet-api/contacts.ts";
import type { Handlers } from "./page-wallet.ts";

/** Nobody is a contact, and nobody was paid: no address is suspicious. */
export const noContacts = {
  "contacts.list": () => [],
  "contacts.check": () => zContactCheck.parse({ paidBefore: false, resemblances: [], mixedScripts: [] }),
} as const satisfies Handlers;
