/**
 * What a person can hold, lose, leak or have stolen, as far as the off-chain rules tell it apart. The letters are the
 * ones of the published model, so that tables and sets can be compared.
 */
import type { FactorType } from "../factors.ts";

/** Security methods: what a person may enable besides email and credentials. */
export const METHODS = ["A", "S", "P", "W"] as const;

/** `A` authenticator app, `S` SMS code, `P` passkey, `W` a wallet that signs. */
export type Method = (typeof METHODS)[number];

/** What is proven off-chain, in the order in which it is written. */
export const PROOFS = ["C", "E", ...METHODS] as const;

/** `C` credentials (a password or a social login), `E` email code, or a method. */
export type Proof = (typeof PROOFS)[number];

/** Everything in one alphabet, in the order in which sets are written. */
export const THINGS = ["D", ...PROOFS] as const;

/** `D` the device key, unlocked, or a proof. */
export type Thing = (typeof THINGS)[number];

/** The factors of the registry, with the wallet that proves itself to the gate. */
export type FactorKind = FactorType | "wallet";

/** The letter of each kind of factor. */
export const PROOF_OF_FACTOR: Readonly<Record<FactorKind, Proof>> = {
  email: "E",
  sms: "S",
  totp: "A",
  passkey: "P",
  password: "C",
  oauth: "C",
  wallet: "W",
};

/**
 * Who checks a proof. Whoever checks it can forge it: a hostile authenticator has every proof that goes through it,
 * and no other.
 */
export const PROVEN_TO: Readonly<Record<Proof, "authenticator" | "gate">> = {
  C: "authenticator",
  E: "authenticator",
  A: "authenticator",
  S: "authenticator",
  P: "authenticator",
  W: "gate",
};

export const isMethod = (thing: string): thing is Method => (METHODS as readonly string[]).includes(thing);

/** Sorted as `THINGS` is, each once. */
export function sortThings<T extends Thing>(things: Iterable<T>): T[] {
  const wanted = new Set<Thing>(things);
  // What `wanted` has is of T: it was made from T's.
  return THINGS.filter((thing): thing is T => wanted.has(thing));
}
