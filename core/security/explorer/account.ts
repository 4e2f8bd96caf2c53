/**
 * The description of an account that the explorer works on: who holds which key, what is set up at the authenticator,
 * the account's settings, and where things are kept. README.md shows examples.
 */
import { z } from "zod";
import { zRole } from "../../keys/role.ts";
import { FROZEN } from "../../policy/policy.ts";
import { PROFILE_NAMES } from "../rules/profiles.ts";
import { METHODS, PROOFS } from "../rules/things.ts";

const zName = z.string().trim().min(1).max(60);
const zNames = z
  .array(zName)
  .min(1)
  .max(7)
  .refine((names) => new Set(names).size === names.length, "each name once");

const zHolder = z
  .discriminatedUnion("holder", [
    z.strictObject({ holder: z.literal("network") }),
    z.strictObject({ holder: z.literal("ledger"), name: zName.default("Ledger") }),
    z.strictObject({ holder: z.literal("passkey"), name: zName.default("Passkey key") }),
    z.strictObject({ holder: z.literal("friends"), names: zNames, threshold: z.int().min(1) }),
    z.strictObject({ holder: z.literal("safe"), owners: zNames, threshold: z.int().min(1) }),
  ])
  .refine(
    (holder) =>
      holder.holder === "friends"
        ? holder.threshold <= holder.names.length
        : holder.holder !== "safe" || holder.threshold <= holder.owners.length,
    "the threshold asks for more than there are",
  );

/** Who holds the keys of a role. Two roles may name the same thing. */
export type Holder = z.output<typeof zHolder>;

const zChance = z.number().min(0).max(1);

/** How likely a thing is lost, leaked (someone else has it, too) or stolen (someone else has it instead) in a year. */
export const zChances = z
  .strictObject({ lost: zChance, leaked: zChance, stolen: zChance })
  .refine(({ lost, leaked, stolen }) => lost + leaked + stolen <= 1, "more than certain");
export type Chances = Readonly<z.output<typeof zChances>>;

/** Where things are kept that are lost or taken together. */
export const PLACE_KINDS = ["computer", "phone", "password-manager", "mailbox", "home", "other"] as const;

const zPlace = z.strictObject({
  name: zName,
  kind: z.enum(PLACE_KINDS).default("other"),
  holds: z.array(zName).min(1),
  /** Chances of the place itself; by default those of its kind. */
  chances: zChances.optional(),
});

const days = (least: number, most: number) => z.int().min(least).max(most);

const zSettings = z.strictObject({
  recoveryDelayDays: days(1, 60).default(7),
  singleKeyDelayDays: days(3, 60).default(7),
  /** 0: mfa and recovery together do not overrule a veto. */
  overrideDelayDays: z.union([z.literal(0), days(7, 180)]).default(0),
  /** Roles that alone may withdraw, after the single-key delay. */
  singleKeyRoles: z.array(zRole).default([]),
});

const zFields = z.strictObject({
  profile: z.enum(PROFILE_NAMES).default("default"),
  credentials: z.enum(["social-login", "password", "none"]).default("social-login"),
  methods: z
    .array(z.enum(METHODS))
    .refine((methods) => new Set(methods).size === methods.length, "each method once")
    .default([]),
  devices: z.int().min(1).max(4).default(1),
  /** Whether a code on paper unlocks the first device key without the authenticator. */
  unlockCode: z.boolean().default(false),
  mfa: zHolder.default({ holder: "network" }),
  recovery: zHolder.default({ holder: "network" }),
  /** What the emergency address is, if there is one: whoever has it can take everything out at once. */
  emergencyAddress: zName.optional(),
  settings: zSettings.prefault({}),
  frozen: z.enum(FROZEN).default("no"),
  places: z.array(zPlace).max(5).default([]),
  /** Chances of single things, by name; others have the reference chances. */
  chances: z.record(z.string(), zChances).default({}),
});

/** A description as the explorer works on it. */
export type Account = Readonly<z.output<typeof zFields>>;
/** A description as people write it: everything may be left out. */
export type AccountDescription = z.input<typeof zFields>;

const heldBy = (holder: Holder): readonly string[] => {
  switch (holder.holder) {
    case "network":
      return [];
    case "ledger":
    case "passkey":
      return [holder.name];
    case "friends":
      return holder.names;
    case "safe":
      return holder.owners;
  }
};

/** The names of an account's device keys: D, D2, D3. */
export const deviceNames = ({ devices }: Pick<Account, "devices">): string[] =>
  Array.from({ length: devices }, (_, index) => (index === 0 ? "D" : `D${index + 1}`));

/**
 * Everything the account hangs on, in the order in which sets are written: device keys, proofs, then what holds keys
 * by name.
 */
export function thingsOf(account: Account): string[] {
  const { credentials, methods, mfa, recovery, emergencyAddress } = account;
  const proofs = PROOFS.filter((proof) => {
    if (proof === "E") return true;
    return proof === "C" ? credentials !== "none" : methods.includes(proof);
  });
  const named = [...heldBy(mfa), ...heldBy(recovery), ...(emergencyAddress ? [emergencyAddress] : [])];
  return [...new Set([...deviceNames(account), ...proofs, ...named])];
}

/** More would take too long to go through one by one. */
export const MOST_THINGS = 14;

const RESERVED = /^(D\d*|[CEASPW])$/;

export const zAccount = zFields.superRefine((account, context) => {
  const things = thingsOf(account);
  const complain = (message: string, ...path: (string | number)[]) => {
    context.addIssue({ code: "custom", message, path });
  };
  if (things.length > MOST_THINGS) {
    complain(`the account hangs on ${things.length} things; the explorer takes ${MOST_THINGS}`);
  }
  for (const role of ["mfa", "recovery"] as const) {
    for (const name of heldBy(account[role])) {
      if (RESERVED.test(name)) complain(`"${name}" is the letter of something else`, role);
    }
  }
  const { emergencyAddress } = account;
  if (emergencyAddress !== undefined && RESERVED.test(emergencyAddress)) {
    complain(`"${emergencyAddress}" is the letter of something else`, "emergencyAddress");
  }
  const known = `there is no such thing in this account; it hangs on ${things.join(", ")}`;
  for (const [index, place] of account.places.entries()) {
    for (const thing of place.holds) {
      if (!things.includes(thing)) complain(`"${thing}": ${known}`, "places", index, "holds");
    }
  }
  for (const thing of Object.keys(account.chances)) {
    if (!things.includes(thing)) complain(`"${thing}": ${known}`, "chances");
  }
});

/** An account description is wrong. The message names every field that is, and why. */
export class AccountDescriptionError extends Error {
  override readonly name = "AccountDescriptionError";
}

/**
 * Reads a description.
 * @throws AccountDescriptionError
 */
export function parseAccount(description: unknown): Account {
  const parsed = zAccount.safeParse(description);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
  throw new AccountDescriptionError(`The account description is wrong. ${wrong.join("; ")}.`);
}
