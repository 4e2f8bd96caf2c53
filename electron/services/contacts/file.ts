import path from "node:path";
import { z } from "zod";
import { zContact } from "#core/contacts/contact.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";

const zContacts = z.strictObject({ version: z.literal(1), contacts: z.array(zContact) });
export type ContactsOnDisk = z.output<typeof zContacts>;

/** Where the contacts are kept. */
export const contactsFile = (directory: string): JsonFile<ContactsOnDisk> =>
  jsonFile(path.join(directory, "contacts.json"), zContacts);
