/** Warnings about the account: what waits, what changed, and whether anybody can still tell. */
import { z } from "zod";
import { zDifference } from "../watch/agreement.ts";
import { zRemedy } from "../watch/alerts.ts";

export const zWarning = z.object({
  /** Under this name it was told, and can be marked as seen. */
  telling: z.string(),
  title: z.string(),
  detail: z.string(),
  /** Whether it goes on until something is done or its time is over; the others are news. */
  standing: z.boolean(),
  /** By this computer's clock, milliseconds since 1970: when it takes effect, becomes active, lapses or expires. */
  until: z.number().optional(),
  /** What stops it, where the account's keys can. */
  remedy: zRemedy.optional(),
  /** RPCs that have the block and do not tell of it. */
  contradictedBy: z.array(z.string()),
});
export type Warning = z.output<typeof zWarning>;

export const zSourceStanding = z.object({
  name: z.string(),
  status: z.enum(["following", "reading", "lagging", "failing"]),
  block: z.int().optional(),
  /** What is wrong, in a sentence. */
  trouble: z.string().optional(),
});

export const zWatchView = z.object({
  /** What the person has not put away, the most pressing first. */
  warnings: z.array(zWarning),
  sources: z.array(zSourceStanding),
  differences: z.array(zDifference),
  /** Everything is read; otherwise there may be warnings that are not known yet. */
  upToDate: z.boolean(),
});
export type WatchApiView = z.output<typeof zWatchView>;

/** The part of the wallet API for warnings; the "watch" event tells of every change. */
export const WATCH_METHODS = {
  "watch.view": { input: z.undefined(), output: zWatchView },
  /** Puts news away; what goes on cannot be put away. */
  "watch.see": { input: z.object({ telling: z.string().max(500) }), output: zWatchView },
} as const;
