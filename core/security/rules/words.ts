/** The rules in plain words. */
import type { Proof, Thing } from "./things.ts";

/** What each thing is called where a person reads it. */
export const THING_WORDS: Readonly<Record<Thing, string>> = {
  D: "this computer's device key",
  C: "social login",
  E: "email code",
  A: "authenticator app",
  S: "SMS code",
  P: "passkey",
  W: "wallet signature",
};

/** "a", "a and b", "a, b and c". */
export function listWords(words: readonly string[], conjunction = "and"): string {
  const last = words.at(-1) ?? "";
  const others = words.slice(0, -1);
  return others.length === 0 ? last : `${others.join(", ")} ${conjunction} ${last}`;
}

/**
 * Ways in words: "authenticator app and email code, or wallet signature". Empty where there is no way.
 * @param names other names for some things, such as `{ W: "your Ledger" }`
 */
export function describeWays(
  ways: readonly (readonly Proof[])[],
  names: Partial<Record<Thing, string>> = {},
): string {
  const sentences = ways.map((way) => listWords(way.map((proof) => names[proof] ?? THING_WORDS[proof])));
  const last = sentences.at(-1) ?? "";
  const others = sentences.slice(0, -1);
  return others.length === 0 ? last : `${others.join(", ")}, or ${last}`;
}
