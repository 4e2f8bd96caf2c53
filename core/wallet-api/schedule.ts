/** What the account accepted and has not done yet. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { zKeyId, zOperationId, zTransactionHash } from "../primitives/hex.ts";
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
  /** Seconds since 1970, by this computer's clock. */
  executableAt: z.number(),
  executableUntil: z.number(),
  stage: z.enum(STAGES),
  /** The keys that proposed it; `friend` is what the person calls the friend who holds one. */
  proposers: z.array(z.object({ id: zKeyId, role: zRole.optional(), friend: z.string().optional() })).min(1),
});
export type Scheduled = z.output<typeof zScheduled>;

/** The part of the wallet API for what is scheduled. */
export const SCHEDULE_METHODS = {
  /** Everything in the account's schedule, what comes first first. */
  "schedule.list": { input: z.undefined(), output: z.array(zScheduled) },
  /** Has the relay run what is due: nobody signs, it was signed when it was scheduled. Resolves when the chain has it. */
  "schedule.run": {
    input: z.object({ id: zOperationId }),
    output: z.object({ transactionHash: zTransactionHash }),
  },
} as const;
