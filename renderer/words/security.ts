import type { ThingKind } from "#core/security/explorer/overview.ts";
import type { Veto } from "#core/security/explorer/paths.ts";
import type { Service } from "#core/security/explorer/reach.ts";
import type { ValueThreshold } from "#core/security/rules/profile.ts";
import type { NoPrice, Remark, SecurityService } from "#core/wallet-api/security.ts";
import { formatDollars } from "../format/dollars.ts";
import type { Words } from "./operations.ts";

/** What a thing is called under its picture. */
export function thingLabel({ name, kind }: { readonly name: string; readonly kind: ThingKind }): string {
  switch (kind) {
    case "device":
      return name === "D" ? "This computer" : `Computer ${name.slice(1)}`;
    case "C":
      return "Social login";
    case "E":
      return "Email code";
    case "A":
      return "Authenticator app";
    case "S":
      return "SMS code";
    case "P":
      return "Passkey";
    case "W":
      return "Wallet signature";
    default:
      return name;
  }
}

/** Who can stop what waits. */
export const VETO_TEXT: Record<Veto, string> = {
  "active-device-key": "Each active device key of the account can stop it meanwhile.",
  "any-other-key": "Each other active key of the account can stop it meanwhile.",
  nobody: "Nobody can stop it.",
};

/** How long a theft takes, next to its picture. */
export function delayText(days: number, vetoes: readonly Veto[]): string {
  if (days === 0) return "at once";
  const time = days === 1 ? "1 day" : `${days} days`;
  return vetoes.some((veto) => veto !== "nobody") ? `${time}, if you do not stop it` : `${time}, unstoppable`;
}

/** Why a balance is not counted. */
export const NO_PRICE_TEXT: Record<NoPrice, string> = {
  "no-balance": "its contract does not say how much you have",
  "no-feed": "no price feed is configured for it",
  silent: "its price feed does not answer",
  "bad-answer": "its price feed answers what cannot be a price",
  incomplete: "its price feed has no complete answer",
  stale: "its last price is too old",
};

/** A threshold as a rule: "From $10,000 on: level 1". */
export function thresholdText({ dollars, inclusive }: ValueThreshold): string {
  return dollars === 0 && !inclusive
    ? "As soon as there is money in it"
    : `From ${formatDollars(dollars)} on`;
}

/** How many methods a level means. */
export const LEVEL_TEXT = [
  "No security method beside email",
  "One security method",
  "Two security methods",
  "Three security methods",
  "All four security methods",
] as const;

export const REMARK_TEXT: Record<Remark, Words> = {
  "one-machine": {
    title: "On the devnet, one machine is everything",
    detail:
      "Your device key, the authenticator and all four key nodes are on this computer. Whoever controls it controls all of them and needs nothing else. What this page says holds once they are apart.",
  },
  "records-differ": {
    title: "Your two network keys ask for different proofs",
    detail:
      "The MFA key and the recovery key do not have the same factors in their records. This page is about the weaker of the two, because a thief would take that way.",
  },
  "unknown-keys": {
    title: "The account has keys this computer does not know",
    detail:
      "Someone added them, perhaps you on another computer. They count here as far as that is possible, but who holds them is not known.",
  },
  "key-not-on-chain": {
    title: "A key of this computer is not the account's at this time",
    detail:
      "It was replaced or removed, or it waits to become active. What this page says is about the keys that are active.",
  },
  "pending-device-key": {
    title: "A new device key is waiting to become active",
    detail:
      "If it is not yours, somebody is recovering your account. An active device key can still reject it: see Warnings.",
  },
  frozen: {
    title: "The account is frozen",
    detail: "Nothing leaves it until it is unfrozen. What this page says includes the steps to unfreeze it.",
  },
  "script-keys": {
    title: "Keys for scripts do not count here",
    detail:
      "They sign nothing but the calls that you allow them, so no theft and no loss on this page hangs on one. What somebody could do who takes the file of one stands beside it, under Keys for scripts.",
  },
  "plain-script-keys": {
    title: "A script has a plain device key",
    detail:
      "An earlier version of Trivet made it. A thief can do with it what they can with a computer's key, and you sign nothing with it: this page counts it once as a computer and once not at all, and shows the worse. Revoke it, and make a new one.",
  },
  "safe-owners": {
    title: "A Safe counts by the owners that it names",
    detail:
      "It says itself who they are and how many of them have to sign, and they can change that without asking you. Ask your friend now and then.",
  },
};

export const SERVICE_NAME: Record<Service, string> = {
  authenticator: "Authenticator",
  "key network": "Key network",
};

/** What a service could do alone, if it turned against the owner. */
export function hostileText({ drainsAfterDays }: SecurityService): string {
  if (drainsAfterDays === null) return "Alone, it can never take your money.";
  if (drainsAfterDays === 0) return "Alone, it could take your money at once.";
  return `Alone, it could take your money after ${drainsAfterDays} days, if no device key of yours stops it.`;
}

/** What happens when a service is gone for good, and what would change that. */
export function goneText({ service, ownerCanExit }: SecurityService): string {
  if (ownerCanExit) return "If it were gone for good, you would still get at your money.";
  const way =
    service === "authenticator"
      ? "an emergency address, or a Ledger as MFA key and an unlock code on paper"
      : "an emergency address, or a Ledger as MFA key";
  return `If it were gone for good, you would be locked out. What changes that: ${way}.`;
}
