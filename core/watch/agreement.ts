import { z } from "zod";

/** What one of several RPCs says about something that they have to agree on. */
const zSaying = z.object({ source: z.string(), says: z.string() });

/** A point in which RPCs differ: one of them does not tell the truth, or is on a fork. Plain JSON. */
export const zDifference = z.object({
  /** The height that all of them have. */
  block: z.int().nonnegative(),
  about: z.enum(["block", "events"]),
  sayings: z.array(zSaying).min(2),
});
export type Difference = z.output<typeof zDifference>;

/** What one RPC says up to a height that all have. */
export interface Testimony {
  readonly source: string;
  readonly hash: string;
  /** The events it told of, by names that are the same at every RPC. */
  readonly events: ReadonlySet<string>;
}

const differs = (sayings: readonly { says: string }[]): boolean =>
  new Set(sayings.map(({ says }) => says)).size > 1;

const eventsText = (missing: number, all: number): string =>
  missing === 0 ? `tells of all ${all} events` : `leaves out ${missing} of ${all} events`;

/**
 * Where RPCs differ at a height that all of them have. One that lags is not asked about more than it has.
 * @returns none where they agree, or where there is but one
 */
export function differencesAt(block: number, testimonies: readonly Testimony[]): Difference[] {
  const hashes = testimonies.map(({ source, hash }) => ({ source, says: hash }));
  const all = new Set(testimonies.flatMap(({ events }) => [...events]));
  const missing = testimonies.map(({ source, events }) => ({ source, missing: all.size - events.size }));
  return [
    ...(differs(hashes) ? [{ block, about: "block" as const, sayings: hashes }] : []),
    ...(missing.some((one) => one.missing > 0)
      ? [
          {
            block,
            about: "events" as const,
            sayings: missing.map((one) => ({
              source: one.source,
              says: eventsText(one.missing, all.size),
            })),
          },
        ]
      : []),
  ];
}
