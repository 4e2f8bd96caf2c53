import { z } from "zod";
import { zAddress } from "../primitives/address.ts";
import { zBytes32, zOperationId, zTransactionHash } from "../primitives/hex.ts";
import { zFact } from "../watch/facts.ts";

/** An amount in its smallest unit, as decimal digits: JSON has no number for it. */
const zAmount = z
  .string()
  .regex(/^\d{1,78}$/, "must be decimal digits")
  .transform((digits) => BigInt(digits).toString());

/** What one event of the chain tells, or a balance that changed without any. Plain JSON. */
export const zActivityEvent = z.discriminatedUnion("kind", [
  /** What the watcher reads, too: changes of the account, what is scheduled, freezing. */
  z.object({ kind: z.literal("fact"), fact: zFact }),
  z.object({ kind: z.literal("withdrew"), token: zAddress, to: zAddress, amount: zAmount, nonce: zAmount }),
  z.object({ kind: z.literal("called"), operation: zOperationId, calls: z.int().nonnegative() }),
  z.object({ kind: z.literal("received"), token: zAddress, from: zAddress, amount: zAmount }),
  /** Tokens left by a call, and not by a withdrawal. */
  z.object({ kind: z.literal("sent"), token: zAddress, to: zAddress, amount: zAmount }),
  /**
   * The account holds more or less of the chain's own coin than its events explain: payments of it leave no event.
   * `since` is the block after which that may have happened.
   */
  z.object({ kind: z.literal("coins"), more: z.boolean(), amount: zAmount, since: z.int() }),
]);
export type ActivityEvent = z.output<typeof zActivityEvent>;

/** An event, and where it stands. */
export const zActivityEntry = z.object({
  event: zActivityEvent,
  block: z.int().nonnegative(),
  blockHash: zBytes32,
  /** Of the block, seconds since 1970. */
  time: z.int().nonnegative(),
  /** The event's place in its block; what is no event comes last. */
  index: z.int().nonnegative(),
  transaction: zTransactionHash.optional(),
});
export type ActivityEntry = z.output<typeof zActivityEntry>;
