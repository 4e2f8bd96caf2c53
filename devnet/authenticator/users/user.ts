import { newId } from "../state/ids.ts";
import type { State, User } from "../state/schema.ts";

/** The one form of an email address under which a user is found. */
export function normalEmail(address: string): string {
  return address.trim().toLowerCase();
}

export function findUser(state: State, userId: string): User | undefined {
  return state.users.find((user) => user.userId === userId);
}

/**
 * The user with an email address, made if there is none. Known and unknown addresses are answered alike, so that
 * nobody learns from the authenticator who has an account.
 */
export function findOrCreateUser(state: State, email: string, now: number): { user: User; created: boolean } {
  const known = state.users.find((user) => user.factors.email.address === email);
  if (known !== undefined) return { user: known, created: false };
  const user: User = {
    userId: newId("user"),
    createdAt: now,
    untrustedMetadata: {},
    failures: 0,
    factors: {
      email: { emailId: newId("email"), address: email, verified: false, sentAt: [] },
    },
  };
  state.users.push(user);
  return { user, created: true };
}
