import type { Contact } from "#core/contacts/contact.ts";
import { type Candidate, lookAlikes } from "#core/contacts/look-alikes.ts";
import { mixedScripts } from "#core/contacts/scripts.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import type { ContactCheck } from "#core/wallet-api/contacts.ts";
import type { JsonFile } from "../storage/json-file.ts";
import type { ContactsOnDisk } from "./file.ts";

/** Nobody looks through a longer list, and every check goes through all of it. */
export const MOST_CONTACTS = 1000;

export interface ContactsOptions {
  readonly file: JsonFile<ContactsOnDisk>;
  /** The addresses to which the account withdrew. */
  readonly paid: () => Promise<readonly Address[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whom the person has named. Every change answers with the whole list, by name. */
export interface Contacts {
  readonly list: () => Promise<Contact[]>;
  /** @throws WalletError "contact-known", "contact-name-taken", "too-many-contacts" */
  readonly add: (contact: { readonly name: string; readonly address: Address }) => Promise<Contact[]>;
  /** @throws WalletError "contact-unknown", "contact-name-taken" */
  readonly rename: (contact: { readonly name: string; readonly address: Address }) => Promise<Contact[]>;
  /** @throws WalletError "contact-unknown" */
  readonly remove: (address: Address) => Promise<Contact[]>;
  /** Whom somebody might be taken for, among the contacts and those who were paid before. */
  readonly check: (candidate: Candidate) => Promise<ContactCheck>;
}

const known = ({ name }: Contact) =>
  new WalletError(
    "contact-known",
    `This address is a contact already: ${name}.`,
    "Rename that contact if you want to call them otherwise.",
  );

const nameTaken = (name: string) =>
  new WalletError(
    "contact-name-taken",
    `You have a contact called ${name} already, with another address.`,
    "Choose a name that tells the two apart.",
  );

const unknown = () =>
  new WalletError("contact-unknown", "There is no such contact.", "Look at the list of your contacts.");

const tooMany = () =>
  new WalletError(
    "too-many-contacts",
    `There is room for ${MOST_CONTACTS} contacts.`,
    "Remove contacts that you no longer need.",
  );

const byName = new Intl.Collator("en", { sensitivity: "base", numeric: true });

export function createContacts({ file, paid, now }: ContactsOptions): Contacts {
  const sorted = (contacts: readonly Contact[]) =>
    contacts.toSorted((a, b) => byName.compare(a.name, b.name));
  const list = async () => sorted((await file.read())?.contacts ?? []);

  let last: Promise<unknown> = Promise.resolve();
  /** One change at a time, each of what the one before left. */
  function change(to: (contacts: readonly Contact[]) => readonly Contact[]): Promise<Contact[]> {
    const changed = last.then(async () => {
      const contacts = sorted(to(await list()));
      await file.write({ version: 1, contacts });
      return contacts;
    });
    last = changed.catch(() => undefined);
    return changed;
  }

  const find = (contacts: readonly Contact[], address: Address) =>
    contacts.find((contact) => sameAddress(contact.address, address));

  function refuseName(name: string, others: readonly Contact[]): void {
    if (others.some((contact) => contact.name === name)) throw nameTaken(name);
  }

  return {
    list,
    add: ({ name, address }) =>
      change((contacts) => {
        const same = find(contacts, address);
        if (same) throw known(same);
        refuseName(name, contacts);
        if (contacts.length >= MOST_CONTACTS) throw tooMany();
        return [...contacts, { name, address, addedAt: now() }];
      }),
    rename: ({ name, address }) =>
      change((contacts) => {
        const contact = find(contacts, address);
        if (!contact) throw unknown();
        const others = contacts.filter((other) => other !== contact);
        refuseName(name, others);
        return [...others, { ...contact, name }];
      }),
    remove: (address) =>
      change((contacts) => {
        const contact = find(contacts, address);
        if (!contact) throw unknown();
        return contacts.filter((other) => other !== contact);
      }),
    async check(candidate) {
      const [contacts, before] = await Promise.all([list(), paid()]);
      const contact = find(contacts, candidate.address);
      const paidBefore = before.some((address) => sameAddress(address, candidate.address));
      // Who was paid before and has no name is only an address.
      const unnamed: Candidate[] = before
        .filter((address) => !find(contacts, address))
        .map((address) => ({ address }));
      // The first payment to a look-alike makes it no friend: contacts are compared all the same.
      const resembled = [
        ...lookAlikes<Candidate>(candidate, contacts),
        ...(paidBefore || contact ? [] : lookAlikes({ address: candidate.address }, unnamed)),
      ];
      return {
        ...(contact && { contact }),
        paidBefore,
        resemblances: resembled.map(({ contact: other, likeness, otherScripts }) => ({
          known: { address: other.address, ...(other.name !== undefined && { name: other.name }) },
          likeness,
          otherScripts: [...otherScripts],
        })),
        mixedScripts: mixedScripts(candidate.name ?? ""),
      };
    },
  };
}
