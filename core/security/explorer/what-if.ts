/** What would help an account most: every single change that the app can offer, ranked by what it leaves of the risk. */
import { ROLES } from "../../keys/role.ts";
import { type Method, METHODS } from "../rules/things.ts";
import { type Account, MOST_THINGS, parseAccount, thingsOf } from "./account.ts";
import { explore } from "./configurations.ts";
import { failuresOfAccount } from "./report.ts";

/** A change as the app starts it. */
export type Change =
  | { readonly change: "add-method"; readonly method: Method }
  | { readonly change: "use-social-login" }
  | { readonly change: "hold-mfa-key" | "hold-recovery-key"; readonly by: "ledger" | "friends" }
  | { readonly change: "add-device" }
  | { readonly change: "add-emergency-address" }
  | { readonly change: "allow-single-key"; readonly role: (typeof ROLES)[number] }
  | { readonly change: "keep-apart"; readonly thing: string; readonly place: string };

/** A change with what the account would be like after it. */
export interface RankedChange {
  readonly change: Change;
  /** As a button's text. */
  readonly words: string;
  /** The chance of failure in a year, after the change. */
  readonly failure: number;
  readonly smallestTheft: number;
  readonly smallestLoss: number;
}

interface Option {
  readonly change: Change;
  readonly words: string;
  readonly account: Account;
}

const METHOD_WORDS: Readonly<Record<Method, string>> = {
  A: "an authenticator app",
  S: "SMS codes",
  P: "a passkey",
  W: "a wallet that signs",
};
const FRIENDS = { holder: "friends", names: ["Friend 1", "Friend 2", "Friend 3"], threshold: 2 } as const;
const LEDGERS = { mfa: "Ledger", recovery: "Second Ledger" } as const;

/**
 * Every change that makes sense for an account, in no order. Letting mfa and recovery keys overrule a veto is none. An
 * owner whom nobody vetoes recovers with the recovery key alone, so that it saves nobody; and a thief of both keys can no
 * longer be stopped. What it is good for, somebody who only blocks, the explorer does not count (README.md).
 */
function optionsFor(account: Account): Option[] {
  const options: Option[] = [];
  const offer = (change: Change, words: string, changed: Partial<Account>) => {
    const next = { ...account, ...changed };
    // A name that is taken already, or more things than can be gone through, is no change to offer.
    if (thingsOf(next).length <= MOST_THINGS) options.push({ change, words, account: parseAccount(next) });
  };
  const { settings } = account;
  const usesGate = account.mfa.holder === "network" || account.recovery.holder === "network";
  if (usesGate) {
    for (const method of METHODS.filter((one) => !account.methods.includes(one))) {
      const methods = [...account.methods, method];
      offer({ change: "add-method", method }, `Add ${METHOD_WORDS[method]}`, { methods });
    }
    if (account.credentials !== "social-login") {
      offer({ change: "use-social-login" }, "Sign in with a social login", { credentials: "social-login" });
    }
  }
  for (const role of ["mfa", "recovery"] as const) {
    if (account[role].holder !== "network") continue;
    const change = role === "mfa" ? "hold-mfa-key" : "hold-recovery-key";
    const key = role === "mfa" ? "MFA key" : "recovery key";
    const ledger = { holder: "ledger", name: LEDGERS[role] } as const;
    offer({ change, by: "ledger" }, `Hold the ${key} on a Ledger`, { [role]: ledger });
    if (role === "recovery") {
      const friends = { ...FRIENDS, names: [...FRIENDS.names] };
      offer({ change, by: "friends" }, "Let two of three friends hold the recovery key", {
        recovery: friends,
      });
    }
  }
  if (account.devices < 4) {
    offer({ change: "add-device" }, "Add another computer", { devices: account.devices + 1 });
  }
  if (account.emergencyAddress === undefined) {
    const emergencyAddress = "Emergency wallet";
    offer({ change: "add-emergency-address" }, "Name an emergency address", { emergencyAddress });
  }
  for (const role of ROLES.filter((one) => !settings.singleKeyRoles.includes(one))) {
    const singleKeyRoles = [...settings.singleKeyRoles, role];
    const words = `Let the ${role} key alone withdraw after ${settings.singleKeyDelayDays} days`;
    offer({ change: "allow-single-key", role }, words, { settings: { ...settings, singleKeyRoles } });
  }
  for (const [index, { name, holds }] of account.places.entries()) {
    if (holds.length < 2) continue;
    for (const thing of holds) {
      const places = account.places.map((place, other) =>
        other === index ? { ...place, holds: holds.filter((one) => one !== thing) } : place,
      );
      offer({ change: "keep-apart", thing, place: name }, `Keep ${thing} elsewhere than in "${name}"`, {
        places,
      });
    }
  }
  return options;
}

/**
 * The changes that make failure less likely, the best first. One that lowers the smallest theft or loss set is not among
 * them, however much likelier it made success: that is for the owner to think of.
 */
export function bestChanges(account: Account): RankedChange[] {
  const now = explore(account);
  const { failure } = failuresOfAccount(now);
  return optionsFor(account)
    .map(({ change, words, account: changed }) => ({ change, words, explored: explore(changed) }))
    .filter(
      ({ explored }) =>
        explored.smallestTheft >= now.smallestTheft && explored.smallestLoss >= now.smallestLoss,
    )
    .map(({ change, words, explored }): RankedChange => {
      const { smallestTheft, smallestLoss } = explored;
      return { change, words, failure: failuresOfAccount(explored).failure, smallestTheft, smallestLoss };
    })
    .filter((changed) => changed.failure < failure)
    .sort((a, b) => a.failure - b.failure);
}
