/** An account description, made ready for going through what can happen to it. */
import type { ReplaceableRole } from "../../keys/role.ts";
import type { PerRole } from "../../policy/policy.ts";
import type { Profile } from "../rules/profile.ts";
import { PROFILES } from "../rules/profiles.ts";
import { type Enabled } from "../rules/sufficiency.ts";
import { type Account, deviceNames, type Holder, thingsOf } from "./account.ts";

/** Who has to take part so that a role signs. */
export type RoleHolder =
  | { readonly by: "network" }
  | {
      readonly by: "things";
      readonly things: readonly string[];
      /** How many of them make a signature of the role. */
      readonly threshold: number;
      /** Whether each of them is a key of the account by itself; else they stand behind one key. */
      readonly eachIsAKey: boolean;
    };

export interface Model {
  readonly account: Account;
  readonly profile: Profile;
  /** What the gate counts. */
  readonly enabled: Enabled;
  /** In the order in which sets are written; a thing's place is its bit in a set. */
  readonly things: readonly string[];
  readonly devices: ReadonlySet<string>;
  readonly holders: Readonly<Record<ReplaceableRole, RoleHolder>>;
  /** How many keys of each role the account asks for. */
  readonly thresholds: PerRole;
  /** Whether the mailbox replaces the credentials at the authenticator. */
  readonly mailboxResets: boolean;
}

function holderOf(holder: Holder): RoleHolder {
  switch (holder.holder) {
    case "network":
      return { by: "network" };
    case "ledger":
    case "passkey":
      return { by: "things", things: [holder.name], threshold: 1, eachIsAKey: true };
    case "friends":
      return { by: "things", things: holder.names, threshold: holder.threshold, eachIsAKey: true };
    case "safe":
      return { by: "things", things: holder.owners, threshold: holder.threshold, eachIsAKey: false };
  }
}

const thresholdOf = (holder: RoleHolder): number =>
  holder.by === "things" && holder.eachIsAKey ? holder.threshold : 1;

/** Credentials as the registry knows them. */
const KIND_OF_CREDENTIALS = { "social-login": "oauth", password: "password" } as const;

export function modelOf(account: Account): Model {
  const profile: Profile = PROFILES[account.profile];
  const { credentials } = account;
  const holders = { mfa: holderOf(account.mfa), recovery: holderOf(account.recovery) };
  return {
    account,
    profile,
    enabled: {
      methods: new Set(account.methods),
      credentials: credentials !== "none" && profile.credentials.includes(KIND_OF_CREDENTIALS[credentials]),
    },
    things: thingsOf(account),
    devices: new Set(deviceNames(account)),
    holders,
    thresholds: { device: 1, mfa: thresholdOf(holders.mfa), recovery: thresholdOf(holders.recovery) },
    mailboxResets: credentials === "password",
  };
}
