/** What happened to the account, and what will. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { zOperationId, zTransactionHash } from "../primitives/hex.ts";
import { STAGES } from "./schedule.ts";
import { zToken } from "./state.ts";

/** The kinds of activity, as a person asks for them. */
export const ACTIVITY_KINDS = [
  "money-in",
  "money-out",
  "calls",
  "keys",
  "settings",
  "freeze",
  "schedule",
  "emergency",
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** What became of something that was scheduled. */
export const OUTCOMES = [...STAGES, "ran", "cancelled"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One line of the account's history. */
export const zActivityItem = z.object({
  id: z.string(),
  kind: z.enum(ACTIVITY_KINDS),
  /** All of it, in one sentence. */
  sentence: z.string(),
  /** Seconds since 1970, of the block. */
  time: z.number(),
  block: z.number(),
  /** Absent for coins of the chain itself, which come without an event. */
  transaction: zTransactionHash.optional(),
  token: zToken.optional(),
  amount: z.bigint().optional(),
  /** To whom, from whom, or about whom. */
  counterparty: zAddress.optional(),
  /** What the person calls the counterparty. */
  name: z.string().optional(),
  operation: zOperationId.optional(),
  /** Of what was scheduled. */
  outcome: z.enum(OUTCOMES).optional(),
  /** Seconds since 1970: from when on it could run. */
  executableAt: z.number().optional(),
  /** Whose keys signed, where this computer knows. */
  signedBy: z.array(zRole).optional(),
  /** All that the event says, for who wants to look closer. */
  details: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type ActivityItem = z.output<typeof zActivityItem>;

/** Something that will happen, or can. */
export const zComing = z.object({
  id: z.string(),
  sentence: z.string(),
  /** Seconds since 1970: when it can run, becomes active, expires, or lapses. */
  at: z.number(),
  what: z.enum(["operation", "key-active", "key-expires", "lock-lapses"]),
  stage: z.enum(STAGES).optional(),
  operation: zOperationId.optional(),
});
export type Coming = z.output<typeof zComing>;

/** Which items a person asks for; what is absent asks for all. */
export const zActivityFilter = z.object({
  kinds: z.array(z.enum(ACTIVITY_KINDS)).optional(),
  token: zAddress.optional(),
  /** Seconds since 1970; both ends included. */
  from: z.number().optional(),
  to: z.number().optional(),
});
export type ActivityFilter = z.output<typeof zActivityFilter>;

export const EXPORT_FORMATS = ["csv", "json"] as const;

/** The part of the wallet API for activity. */
export const ACTIVITY_METHODS = {
  /** Everything, the newest first; nothing where the caller has this version of it already. */
  "activity.list": {
    input: z.object({ known: z.string().max(200).optional() }),
    output: z.object({
      version: z.string(),
      items: z.array(zActivityItem).optional(),
      /** What comes first first. */
      coming: z.array(zComing),
      /** The chain was read to its end; else there may be more. */
      complete: z.boolean(),
    }),
  },
  /** Asks the person where to save it; no name when they decided against it. */
  "activity.export": {
    input: z.object({ format: z.enum(EXPORT_FORMATS), filter: zActivityFilter }),
    output: z.object({ savedAs: z.string().optional(), items: z.int().nonnegative() }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
