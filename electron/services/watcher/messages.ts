import { z } from "zod";
import { zAlert } from "#core/watch/alerts.ts";
import { zDifference } from "#core/watch/agreement.ts";
import { timeLeft } from "#core/watch/words.ts";

/** What the RPCs say to an alert: who tells of it, who has the block and does not, who does not have the block yet. */
export const zSaid = z.object({
  confirmedBy: z.array(z.string()),
  contradictedBy: z.array(z.string()),
  notYet: z.array(z.string()),
});
export type Said = z.output<typeof zSaid>;

const text = { title: z.string(), detail: z.string() };

/** What the watcher tells whoever wants to know. `id` is the same when a message has to be sent again. Plain JSON. */
export const zMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("alert"),
    id: z.string(),
    ...text,
    alert: zAlert,
    /** When it takes effect, becomes active, lapses or expires: ISO 8601. */
    until: z.string().optional(),
    said: zSaid,
  }),
  /** A reorganisation took back what was told. */
  z.object({ type: z.literal("withdrawn"), id: z.string(), ...text, alert: zAlert }),
  /** Something is wrong with the RPCs, so that the watcher may be blind. */
  z.object({
    type: z.literal("sources"),
    id: z.string(),
    ...text,
    source: z.string().optional(),
    difference: zDifference.optional(),
  }),
]);
export type Message = z.output<typeof zMessage>;

/**
 * What a message says below its title, with the time that is left.
 * @param now the chain's time, seconds since 1970: what a message names is of that clock
 */
export function textOf(message: Message, now: number): string {
  if (message.type !== "alert" || message.alert.until === undefined) return message.detail;
  const left = message.alert.until - now;
  return left > 0 ? `${timeLeft(left)} left. ${message.detail}` : message.detail;
}
