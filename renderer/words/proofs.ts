import type { Proof, Thing } from "#core/security/rules/things.ts";
import { describeWays, listWords, THING_WORDS } from "#core/security/rules/words.ts";
import type { ProofFactor, ProofNeed } from "#core/wallet-api/proofs.ts";

/** What proofs are called in the app, where they differ from the rules' words. */
const NAMES: Partial<Record<Thing, string>> = { W: "your Ledger" };

export const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** "passkey, or authenticator app and email code". */
export const waysInWords = (ways: ProofNeed["ways"]): string => describeWays(ways, NAMES);

/** One way, as the name of a choice: "Authenticator app and email code". */
export const wayInWords = (way: readonly Proof[]): string =>
  capitalised(listWords(way.map((proof) => NAMES[proof] ?? THING_WORDS[proof])));

/** A proof as a heading: "Email code". */
export const proofTitle = (proof: Proof): string => capitalised(NAMES[proof] ?? THING_WORDS[proof]);

/** A factor among others that prove the same. */
export function factorName({ type, name, address }: ProofFactor): string {
  return name ?? address ?? (type === "passkey" ? "Passkey without a name" : "Without a name");
}

/** What giving a proof with a factor takes. */
export function factorHint({ type, name, provider }: ProofFactor): string {
  switch (type) {
    case "email":
      return `A code goes to ${name ?? "your mailbox"}.`;
    case "sms":
      return `A code goes to the ${name ?? "number you registered"}.`;
    case "totp":
      return "Open your authenticator app and type the six digits that it shows for Trivet.";
    case "password":
      return "Type your password. It goes to the authenticator and is kept nowhere on this computer.";
    case "passkey":
      return "Your browser opens and asks for your passkey: a finger, your face or a PIN.";
    case "oauth":
      return `Your browser opens. Log in there with ${provider && name ? name : "the account you registered"}.`;
    case "wallet":
      return "It signs this very request, and no other. It is asked when you go on.";
  }
}
