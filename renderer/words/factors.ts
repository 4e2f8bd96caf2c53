import type { ThingKind } from "#core/security/explorer/overview.ts";
import { PROOF_OF_FACTOR } from "#core/security/rules/things.ts";
import type {
  FactorChangeKind,
  FactorChangeView,
  FactorDifference,
  FactorRow,
  FactorStep,
} from "#core/wallet-api/factors.ts";
import type { Words } from "./operations.ts";

export type FactorType = FactorRow["type"];

/** A factor as people call it. */
export const FACTOR_NAME: Record<FactorType, string> = {
  email: "Email code",
  sms: "SMS code",
  totp: "Authenticator app",
  passkey: "Passkey",
  password: "Password",
  oauth: "Social login",
  wallet: "Wallet signature",
};

/** The same within a sentence. */
export const FACTOR_IN_SENTENCE: Record<FactorType, string> = {
  email: "the email address",
  sms: "the phone number",
  totp: "the authenticator app",
  passkey: "the passkey",
  password: "the password",
  oauth: "the social login",
  wallet: "the wallet",
};

/** What it is and what it is good for. */
export const FACTOR_ABOUT: Record<FactorType, string> = {
  email: "A code to your mailbox. You sign in with it, and you always have exactly one.",
  sms: "A code to your phone. Easy, but a phone number can be stolen from you without your phone.",
  totp: "An app on your phone shows a new code every half minute. It works without a network.",
  passkey: "Your fingerprint, face or security key. It cannot be typed into a wrong page.",
  password: "Only for signing in. Whoever reads your mail can reset it, so no key asks for it.",
  oauth: "Your Google, Apple, GitHub or Microsoft account. It is as safe as that account is.",
  wallet: "Your Ledger signs each request. Nobody can forge it, not even the authenticator.",
};

/** The picture of a factor. */
export const thingOf = (type: FactorType): ThingKind => PROOF_OF_FACTOR[type];

/** Those of which a person can have several, so that they are added and removed, not changed. */
export const isPlural = (type: FactorType): boolean => ["passkey", "oauth", "wallet"].includes(type);

/** What a change does, as a heading. */
export function changeTitle(kind: FactorChangeKind, type: FactorType): string {
  switch (kind) {
    case "add":
      return type === "password" ? "Set a password" : `Add ${article(type)}`;
    case "change":
      return type === "totp" ? "Replace the authenticator app" : `Change ${FACTOR_IN_SENTENCE[type]}`;
    case "remove":
      return `Remove ${FACTOR_IN_SENTENCE[type]}`;
  }
}

function article(type: FactorType): string {
  switch (type) {
    case "totp":
      return "an authenticator app";
    case "sms":
      return "SMS codes";
    case "email":
      return "an email address";
    default:
      return `a ${FACTOR_NAME[type].toLowerCase()}`;
  }
}

const FACTOR_THEN: Record<FactorChangeKind, string> = {
  add: "From then on the key network may ask for it, too, before it signs with your keys.",
  change: "From then on the key network asks for the new one before it signs; the old one proves nothing.",
  remove: "From then on the key network no longer asks for it before it signs.",
};

/** Who signs a change of factors, what comes of it, what if it is left alone, and what it cannot do. */
export function factorConsequences(
  kind: FactorChangeKind,
  type: FactorType,
): { readonly then: string; readonly otherwise: string; readonly cannot: string } {
  const noMoney = "It moves no money, and it changes no key of your account.";
  return type === "password"
    ? {
        then: "Nobody signs this: the authenticator keeps it. From then on it counts where a password is asked for.",
        otherwise: "Nothing changes.",
        cannot: noMoney,
      }
    : {
        then: `Your device key signs, after you approve in the confirm window; then each key of yours that the network holds signs for itself. ${FACTOR_THEN[kind]}`,
        otherwise: "Nothing changes. What was begun waits until you go on with it.",
        cannot: noMoney,
      };
}

/** What a change did, once it is done. */
export function changeDone({ kind, type, status }: FactorChangeView): Words {
  if (status === "dropped") {
    return {
      title: "Dropped",
      detail: "Nothing was changed, neither at the authenticator nor for your keys.",
    };
  }
  const what = FACTOR_IN_SENTENCE[type];
  switch (kind) {
    case "add":
      return {
        title: `${capital(what)} counts from now on`,
        detail: "Your keys' records on the chain name it, and the key network goes by them.",
      };
    case "change":
      return {
        title: `${capital(what)} is changed`,
        detail: "The new one counts from now on. The old one proves nothing any more.",
      };
    case "remove":
      return { title: `${capital(what)} is removed`, detail: "It proves nothing any more." };
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A step in plain words. */
export function factorStepWords({ id }: Pick<FactorStep, "id">, { kind, type }: FactorChangeView): Words {
  switch (id) {
    case "prove":
      return {
        title: "You prove who you are",
        detail: "The authenticator and the key network's gate both ask before anything changes.",
      };
    case "release":
      return {
        title: "The old app is let go",
        detail: "There can be one authenticator app only. Until the new one is set up, none counts.",
      };
    case "set-up":
      return {
        title: kind === "change" ? "You set up the new one" : "You set it up",
        detail: "And prove at once that it works, before anything depends on it.",
      };
    case "keep-codes":
      return { title: "You keep the recovery codes", detail: "They replace the app if your phone is gone." };
    case "mfa":
      return {
        title: "The MFA key's record changes",
        detail: "You approve in the confirm window, the key signs, the chain keeps it.",
      };
    case "recovery":
      return {
        title: "The recovery key's record changes",
        detail: "By the same approval. Each key has a record of its own.",
      };
    case "tidy-up":
      return {
        title: `${capital(kind === "change" ? "the old one" : FACTOR_IN_SENTENCE[type])} is deleted`,
        detail: "At the authenticator, and last: so nothing is lost if this stops before.",
      };
  }
}

/** What dropping a change means, on the button and in the dialog. */
export const DROP_WORDS: Record<
  NonNullable<FactorChangeView["drop"]>,
  { readonly button: string; readonly title: string; readonly text: string }
> = {
  "nothing-done": {
    button: "Drop",
    title: "Drop this change?",
    text: "Nothing was changed yet, and nothing will be.",
  },
  "turn-around": {
    button: "Undo",
    title: "Undo this change?",
    text: "What you set up is deleted at the authenticator again. That takes a few steps, and it may ask for proofs.",
  },
  "leave-rest": {
    button: "Leave it there",
    title: "Leave it at the authenticator?",
    text: "No key counts it any more. The authenticator still knows it, and Trivet will remind you.",
  },
};

/** Where the authenticator and the registry differ: what it is, what is at stake, and what can be done. */
export function differenceWords({ kind, factor }: FactorDifference): Words & {
  readonly finish: string;
  readonly undo: string | undefined;
} {
  const what = factor.name ? `${FACTOR_NAME[factor.type]} (${factor.name})` : FACTOR_NAME[factor.type];
  switch (kind) {
    case "not-registered":
      return {
        title: `${what} is set up at the authenticator, but no key counts it`,
        detail:
          "A change of yours may have stopped half way. Or somebody else got into your session and added it: then do not let your keys count it. What the registry says decides about your money, and there it is not.",
        finish: factor.type === "email" ? "I did this: change to it" : "I did this: let my keys count it",
        undo: "Remove it at the authenticator",
      };
    case "not-enrolled":
      return {
        title: `${what} is gone at the authenticator, but your keys still ask for it`,
        detail:
          "You cannot prove it any more, so it only stands in your way. If you did not remove it yourself, somebody else did: then change your other factors too.",
        finish: "Remove it from my keys' records",
        undo: undefined,
      };
    case "half-registered":
      return {
        title: `${what} counts for one of your keys only`,
        detail:
          "A change stopped between the two keys. Until it is finished, the two ask for different proofs, and the weaker of them decides how safe you are.",
        finish: "Let both keys count it",
        undo: "Let neither count it",
      };
  }
}

/** What the recovery codes are worth, in one sentence. */
export const RECOVERY_CODES_WORTH =
  "Each code works once, in place of the app, when you set up another. It moves no money: no key counts it.";
