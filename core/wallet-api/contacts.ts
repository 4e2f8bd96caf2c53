/** The person's contacts, and who might be taken for one of them. */
import { z } from "zod";
import { zContact, zContactName } from "../contacts/contact.ts";
import { LIKENESSES } from "../contacts/look-alikes.ts";
import { zAddress } from "../primitives/address.ts";

/** Whom somebody may be taken for: a contact, or an address that was paid before and has no name. */
export const zResemblance = z.object({
  known: z.object({ name: z.string().optional(), address: zAddress }),
  likeness: z.enum(LIKENESSES),
  /** Scripts of the name that the other's is not written in. */
  otherScripts: z.array(z.string()),
});
export type Resemblance = z.output<typeof zResemblance>;

/** What there is to know of somebody before money or power goes to them. */
export const zContactCheck = z.object({
  /** The contact whose very address this is. */
  contact: zContact.optional(),
  /** This account withdrew to the address before. */
  paidBefore: z.boolean(),
  resemblances: z.array(zResemblance),
  /** Alphabets that the name mixes in one word, as imitations do. */
  mixedScripts: z.array(z.string()),
});
export type ContactCheck = z.output<typeof zContactCheck>;

const who = z.object({ address: zAddress });
const named = z.object({ name: zContactName, address: zAddress });
const contacts = z.array(zContact);

/** The part of the wallet API for contacts. Every change answers with all of them, by name. */
export const CONTACT_METHODS = {
  "contacts.list": { input: z.undefined(), output: contacts },
  /** Fails with a sentence when the address or the name is a contact's already. */
  "contacts.add": { input: named, output: contacts },
  "contacts.rename": { input: named, output: contacts },
  "contacts.remove": { input: who, output: contacts },
  /** Compares somebody with the contacts and with those who were paid before. */
  "contacts.check": {
    input: who.extend({ name: z.string().max(500).optional() }),
    output: zContactCheck,
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
