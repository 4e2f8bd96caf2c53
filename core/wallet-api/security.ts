/** What the app knows of an account's security, in the terms of the screens. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { THING_KINDS } from "../security/explorer/overview.ts";
import { VETOES } from "../security/explorer/paths.ts";
import { SERVICES } from "../security/explorer/reach.ts";
import { METHODS } from "../security/rules/things.ts";
import { zBalance, zToken } from "./state.ts";

/**
 * Why a balance has no price: the token's contract does not say how much it is; no feed is named for it; the feed does
 * not answer; it answers what cannot be a price; its round is not complete; its answer is too old.
 */
export const NO_PRICE = ["no-balance", "no-feed", "silent", "bad-answer", "incomplete", "stale"] as const;
export type NoPrice = (typeof NO_PRICE)[number];

/** What the account is worth, in US cents. */
export const zAccountValue = z.object({
  /** Of what is counted. */
  cents: z.bigint().nonnegative(),
  counted: z.array(z.object({ balance: zBalance, cents: z.bigint().nonnegative() })),
  notCounted: z.array(z.object({ token: zToken, because: z.enum(NO_PRICE) })),
});
export type AccountValue = z.output<typeof zAccountValue>;

/** The account's level and value, from which follows what the app suggests or asks for (rules/standing.ts). */
export const zSecurityStanding = z.object({
  /**
   * How many methods the gate asks for on top of email and social login, by the record with the fewest; absent where
   * the network holds none of the keys.
   */
  level: z.int().min(0).max(METHODS.length).optional(),
  value: zAccountValue,
});
export type SecurityStanding = z.output<typeof zSecurityStanding>;

/**
 * What to know beside the report. records-differ: the two network keys ask for different proofs, and the report is of
 * the weaker; unknown-keys: the account has keys whose holder this computer does not know; key-not-on-chain: a key of
 * this computer's profile is not the account's any more; pending-device-key: a device key waits to become active;
 * one-machine: one machine is device, authenticator and key network (devnet); frozen; script-keys: keys of scripts that
 * count for nothing here, because they sign only what they may do by themselves; plain-script-keys: keys of scripts that
 * are plain device keys; safe-owners: a friend's Safe counts by the owners that it names itself.
 */
export const REMARKS = [
  "records-differ",
  "unknown-keys",
  "key-not-on-chain",
  "pending-device-key",
  "one-machine",
  "frozen",
  "script-keys",
  "plain-script-keys",
  "safe-owners",
] as const;
export type Remark = (typeof REMARKS)[number];

const zChance = z.number().min(0).max(1);
const zInterval = z.tuple([zChance, zChance]);
const zRange = z.object({ least: zChance, middle: zChance, most: zChance });
export type ChanceRange = z.output<typeof zRange>;

const zThing = z.object({
  name: z.string(),
  kind: z.enum(THING_KINDS),
  roles: z.array(zRole),
  box: z.object({ lost: zInterval, leaked: zInterval, stolen: zInterval, why: z.string() }),
});
export type SecurityThing = z.output<typeof zThing>;

const zPathStep = z.object({
  text: z.string(),
  wait: z.object({ days: z.int().positive(), veto: z.enum(VETOES) }).optional(),
});
export type SecurityStep = z.output<typeof zPathStep>;

const zTheftSet = z.object({
  things: z.array(z.string()),
  days: z.int().nonnegative(),
  steps: z.array(zPathStep),
});
export type SecurityTheftSet = z.output<typeof zTheftSet>;

const zLossSet = z.object({ things: z.array(z.string()), reason: z.string() });
export type SecurityLossSet = z.output<typeof zLossSet>;

/** What would help; see explorer/what-if.ts. */
export const zSecurityChange = z.discriminatedUnion("change", [
  z.object({ change: z.literal("add-method"), method: z.enum(METHODS) }),
  z.object({ change: z.literal("use-social-login") }),
  z.object({ change: z.enum(["hold-mfa-key", "hold-recovery-key"]), by: z.enum(["ledger", "friends"]) }),
  z.object({ change: z.literal("add-device") }),
  z.object({ change: z.literal("add-emergency-address") }),
  z.object({ change: z.literal("allow-single-key"), role: zRole }),
  z.object({ change: z.literal("keep-apart"), thing: z.string(), place: z.string() }),
]);
export type SecurityChange = z.output<typeof zSecurityChange>;

const zRankedChange = z.object({
  change: zSecurityChange,
  words: z.string(),
  failure: zChance,
  smallestTheft: z.int(),
  smallestLoss: z.int(),
});
export type RankedSecurityChange = z.output<typeof zRankedChange>;

const zServiceReport = z.object({
  service: z.enum(SERVICES),
  drainsAfterDays: z.int().nonnegative().nullable(),
  steps: z.array(z.string()),
  ownerCanExit: z.boolean(),
});
export type SecurityService = z.output<typeof zServiceReport>;

/** What the explorer found out about the account; see explorer/overview.ts. */
export const zSecurityReport = z.object({
  things: z.array(zThing),
  theftHeadline: z.string(),
  lossHeadline: z.string(),
  theft: z.array(zTheftSet),
  loss: z.array(zLossSet),
  smallestTheft: z.int(),
  smallestLoss: z.int(),
  failures: z.object({ theft: zRange, loss: zRange, failure: zRange }),
  services: z.array(zServiceReport),
  changes: z.array(zRankedChange),
  remarks: z.array(z.enum(REMARKS)),
});
export type SecurityReport = z.output<typeof zSecurityReport>;
