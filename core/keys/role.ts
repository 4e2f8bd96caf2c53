import { z } from "zod";

/** What a key is for; besides these a signer can be an emergency address or a successor (later issues). */
export const ROLES = ["device", "mfa", "recovery"] as const;
export type Role = (typeof ROLES)[number];
export const zRole = z.enum(ROLES);

/** The two roles that a network, a Ledger, a friend or a Safe can hold. */
export const REPLACEABLE_ROLES = ["mfa", "recovery"] as const;
export type ReplaceableRole = (typeof REPLACEABLE_ROLES)[number];
export const zReplaceableRole = z.enum(REPLACEABLE_ROLES);

/** The number of a role on the chain; 0 is no role. */
export const ROLE_NUMBER = { device: 1, mfa: 2, recovery: 3 } as const satisfies Record<Role, number>;

/** The role with a number of the chain, or undefined for a number that names none. */
export function roleFromNumber(number: number): Role | undefined {
  return ROLES.find((role) => ROLE_NUMBER[role] === number);
}

const bitOf = (role: Role) => 1 << ROLE_NUMBER[role];

/** Roles as the account's settings keep a set of them: bit n for the role with number n (AccountSettings.singleKeyRoles). */
export const maskOfRoles = (roles: readonly Role[]): number =>
  roles.reduce((mask, role) => mask | bitOf(role), 0);

/** The roles in such a set, in their usual order; bits that name no role are none. */
export const rolesInMask = (mask: number): Role[] => ROLES.filter((role) => (mask & bitOf(role)) !== 0);

/** A role as people read it, on screens and on hardware wallets: the contract rebuilds the same texts. */
export const ROLE_TEXT = {
  device: "Device key",
  mfa: "MFA key",
  recovery: "Recovery key",
} as const satisfies Record<Role, string>;
