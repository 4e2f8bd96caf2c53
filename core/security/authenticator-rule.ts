/**
 * What the authenticator itself asks before it adds or removes a factor: proofs of two categories in the session, one
 * of them within the hour; who has factors of one category only may add another freely. It is no defence of the money
 * (the gate and the factor registry are), but the app has to know it, to ask for the right proofs before it begins.
 */
import type { FactorType } from "./factors.ts";
import { PROOF_OF_FACTOR, type Proof, sortThings } from "./rules/things.ts";

export const FACTOR_CATEGORIES = ["account", "phone", "device"] as const;
/** What the authenticator takes for independent: the mailbox, the phone number, a device. */
export type FactorCategory = (typeof FACTOR_CATEGORIES)[number];

/** Passwords are in none: a mailbox resets them. */
export const CATEGORY_OF: Readonly<Record<FactorType, FactorCategory | undefined>> = {
  email: "account",
  oauth: "account",
  sms: "phone",
  totp: "device",
  passkey: "device",
  password: undefined,
};

/** One proof of the session has to be younger than this. */
const FRESH_SECONDS = 3600;
/** So that a proof does not run out on its way. */
const MARGIN_SECONDS = 60;

/** How a session stands towards this rule. */
export interface SessionStanding {
  /** The categories it proved; a recovery code counts as the device it stands in for. */
  readonly categories: readonly FactorCategory[];
  /** When it last proved anything, in Unix seconds. */
  readonly provenAt: number;
}

/**
 * Which further proofs make the authenticator agree to a change of factors.
 * @param enrolled the factors that it knows of the person
 * @param now Unix seconds
 * @returns undefined when none is missing; else every smallest choice of proofs, none when there is no way
 */
export function waysToChangeFactors(
  change: "add" | "remove",
  enrolled: readonly FactorType[],
  { categories, provenAt }: SessionStanding,
  now: number,
): Proof[][] | undefined {
  const proofsOf = (category: FactorCategory): Proof[] =>
    sortThings(
      enrolled.filter((type) => CATEGORY_OF[type] === category).map((type) => PROOF_OF_FACTOR[type]),
    );
  const present = FACTOR_CATEGORIES.filter((category) => proofsOf(category).length > 0);
  if (change === "add" && present.length < 2) return undefined;

  const isFresh = now + MARGIN_SECONDS - provenAt < FRESH_SECONDS;
  const [first, second] = categories;
  if (first && second) {
    return isFresh ? undefined : present.flatMap((category) => proofsOf(category).map((proof) => [proof]));
  }
  const missing = present.filter((category) => !categories.includes(category));
  if (first) return missing.flatMap((category) => proofsOf(category).map((proof) => [proof]));
  return missing.flatMap((one, index) =>
    missing
      .slice(index + 1)
      .flatMap((other) => proofsOf(one).flatMap((a) => proofsOf(other).map((b) => sortThings([a, b])))),
  );
}
