import { type Role, ROLES } from "../keys/role.ts";
import type { OperationKind } from "../operations/operation.ts";

/** When an operation takes effect; what no row of the table names never does. */
export type Delay = "now" | "later" | "never";

/** The set of roles whose signatures an operation carries. */
export type Authority = ReadonlySet<Role>;

/** A number for each role. */
export type PerRole = Readonly<Record<Role, number>>;

/** What the owner has set that the policy depends on. */
export interface PolicySettings {
  /** How many keys of each role have to sign for the role to count. */
  readonly thresholds: PerRole;
}

/** One line of the policy: whose signatures together bring the operation about, and when. */
export interface PolicyRow {
  readonly authority: readonly Role[];
  readonly takesEffect: Exclude<Delay, "never">;
}

/**
 * The rules of an account, as data. `contracts/src/account/Policy.sol` enforces the same ones, written down another
 * way; a test compares the two in every case. Only active keys count: one that is pending or expired has no
 * authority.
 */
export const POLICY: Readonly<Record<OperationKind, readonly PolicyRow[]>> = {
  withdraw: [{ authority: ["device", "mfa"], takesEffect: "now" }],
  replaceKey: [
    { authority: ["device", "mfa"], takesEffect: "now" },
    { authority: ["device", "recovery"], takesEffect: "now" },
  ],
};

/**
 * The authority of an operation's signatures. A role for which nobody signed has none, whatever its threshold.
 * @param signed how many active keys of each role signed
 */
export function authorityOf(signed: PerRole, { thresholds }: PolicySettings): Authority {
  return new Set(ROLES.filter((role) => signed[role] > 0 && signed[role] >= thresholds[role]));
}

/** When an operation of a kind takes effect with an authority: the row that matches with the shortest delay wins. */
export function delayOf(kind: OperationKind, authority: Authority): Delay {
  const matching = POLICY[kind].filter((row) => row.authority.every((role) => authority.has(role)));
  if (matching.some(({ takesEffect }) => takesEffect === "now")) return "now";
  return matching.length > 0 ? "later" : "never";
}
