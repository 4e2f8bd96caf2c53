import { type Address, sameAddress } from "../primitives/address.ts";
import { scriptsOf } from "./scripts.ts";
import { areSimilar } from "./similar-words.ts";
import { nameSkeletons, plain } from "./skeleton.ts";

/**
 * How somebody may be taken for a contact:
 * - `same-ends`: another address that begins and ends like the contact's, as made for this by trying keys;
 * - `few-digits-differ`: another address that differs in a few digits only;
 * - `same-name`: another address under the contact's name;
 * - `looks-like-name`: a name of other characters that are read as the contact's;
 * - `similar-name`: a name with one letter off inside a long word.
 */
export const LIKENESSES = [
  "same-ends",
  "few-digits-differ",
  "same-name",
  "looks-like-name",
  "similar-name",
] as const;
export type Likeness = (typeof LIKENESSES)[number];

export interface LookAlike<K extends Candidate> {
  readonly contact: K;
  readonly likeness: Likeness;
  /** Scripts of the name that the contact's name is not written in, such as "Cyrillic". */
  readonly otherScripts: readonly string[];
}

/** Who is to be checked, or is known: an address, and what they are called, if anything. */
export interface Candidate {
  readonly address: Address;
  readonly name?: string | undefined;
}

/**
 * So many digits at the two ends together, which is what people look at. A stranger's address has them by accident
 * once in 2.5 million (7 ways to share 6 between the ends, each once in 16^6), so that with 200 contacts one check in
 * 12,000 is a false alarm.
 */
const SAME_DIGITS_AT_ENDS = 6;
/** Of 40. Two strangers' addresses share on average 2.5 digits in their places. */
const FEW_DIGITS = 12;

/**
 * The contacts whom somebody may be taken for. Only a person's own contacts, and those they paid before, are compared,
 * so that a name in another script, or a strange address, is no reason for a warning by itself; and whoever has a
 * contact's very address is that contact.
 */
export function lookAlikes<K extends Candidate>(
  candidate: Candidate,
  contacts: readonly K[],
): LookAlike<K>[] {
  if (contacts.some(({ address }) => sameAddress(address, candidate.address))) return [];
  return contacts.flatMap((contact) => {
    const likeness =
      addressLikeness(candidate.address, contact.address) ?? nameLikeness(candidate.name, contact.name);
    if (likeness === undefined) return [];
    const known = scriptsOf(contact.name ?? "");
    const otherScripts = scriptsOf(candidate.name ?? "").filter((script) => !known.includes(script));
    return [{ contact, likeness, otherScripts }];
  });
}

function addressLikeness(candidate: Address, known: Address): Likeness | undefined {
  const [a, b] = [candidate.slice(2).toLowerCase(), known.slice(2).toLowerCase()];
  const differing = Array.from(a, (digit, place) => digit !== b[place]);
  const first = differing.indexOf(true);
  const last = differing.length - 1 - differing.lastIndexOf(true);
  if (differing.filter(Boolean).length <= FEW_DIGITS) return "few-digits-differ";
  return first + last >= SAME_DIGITS_AT_ENDS ? "same-ends" : undefined;
}

function nameLikeness(candidate: string | undefined, known: string | undefined): Likeness | undefined {
  if (candidate === undefined || known === undefined) return undefined;
  if (plain(candidate.normalize("NFC")) === plain(known.normalize("NFC"))) return "same-name";
  const [theirs, ours] = [nameSkeletons(candidate), nameSkeletons(known)];
  if (theirs[0] === ours[0] || theirs[1] === ours[1]) return "looks-like-name";
  return areSimilar(candidate, known) ? "similar-name" : undefined;
}
