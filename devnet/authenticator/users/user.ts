import type { ContactKind } from "../factors/contact.ts";
import { type Contact, newContact } from "../factors/contact.ts";
import { newId } from "../state/ids.ts";
import type { State, User } from "../state/schema.ts";

/** The one form of an email address under which a user is found. */
export function normalEmail(address: string): string {
  return address.trim().toLowerCase();
}

export function findUser(state: State, userId: string): User | undefined {
  return state.users.find((user) => user.userId === userId);
}

/** Makes a user without any factor. */
export function createUser(state: State, now: number): User {
  const user: User = {
    userId: newId("user"),
    createdAt: now,
    untrustedMetadata: {},
    failures: 0,
    factors: { emails: [], phones: [], passkeys: [], logins: [], wallets: [] },
  };
  state.users.push(user);
  return user;
}

/** A user nobody has proven anything for yet, apart from a password that anybody can have chosen. */
export function isPending({ factors }: User): boolean {
  const { emails, phones, totp, passkeys, logins, wallets } = factors;
  const proven = [...emails, ...phones, ...wallets].some(({ verified }) => verified);
  return !proven && totp === undefined && passkeys.length === 0 && logins.length === 0;
}

/**
 * The user who may log in with an address: the one who verified it, or a pending one who has it. An address that
 * somebody added and never verified leads nowhere, or he could catch other people's log-ins.
 */
export function findUserByContact(
  state: State,
  kind: ContactKind,
  address: string,
): { user: User; contact: Contact } | undefined {
  const found = state.users.flatMap((user) =>
    user.factors[kind]
      .filter((contact) => contact.address === address && (contact.verified || isPending(user)))
      .map((contact) => ({ user, contact })),
  );
  return found.find(({ contact }) => contact.verified) ?? found[0];
}

/**
 * The user with an address, made if there is none. Known and unknown addresses are answered alike, so that nobody
 * learns from the authenticator who has an account.
 */
export function findOrCreateUser(
  state: State,
  kind: ContactKind,
  address: string,
  now: number,
): { user: User; contact: Contact; created: boolean } {
  const known = findUserByContact(state, kind, address);
  if (known !== undefined) return { ...known, created: false };
  const user = createUser(state, now);
  const contact = newContact(kind, address);
  user.factors[kind].push(contact);
  return { user, contact, created: true };
}
