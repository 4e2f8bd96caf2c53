/** What the account accepted and has not done yet. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { zOperationId } from "../primitives/hex.ts";
import { zEffect, zOperationSummary } from "./operation-view.ts";

/**
 * What can become of a scheduled operation: it waits for its delay; it is due and anyone can run it; it lapsed because
 * nobody did within 30 days; it is asleep because the account was frozen meanwhile, and runs only once armed again.
 */
export const STAGES = ["waiting", "due", "lapsed", "asleep"] as const;

export const zScheduled = z.object({
  id: zOperationId,
  /** Absent where Trivet cannot read the call that is scheduled. */
  summary: zOperationSummary.optional(),
  effect: zEffect,
  /** Seconds since 1970. */
  executableAt: z.number(),
  executableUntil: z.number(),
  stage: z.enum(STAGES),
  /** Whose key proposed it, where it is one that this computer knows. */
  proposer: zRole.optional(),
});
export type Scheduled = z.output<typeof zScheduled>;

/** The part of the wallet API for what is scheduled. */
export const SCHEDULE_METHODS = {
  /** Everything in the account's schedule, what comes first first. */
  "schedule.list": { input: z.undefined(), output: z.array(zScheduled) },
} as const;
