import path from "node:path";
import { z } from "zod";
import { zAddress } from "#core/primitives/address.ts";
import { zAlert } from "#core/watch/alerts.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";
import { zFollowing } from "./following.ts";
import { zMessage } from "./messages.ts";

/** A message on its way to one of those who want to know. */
const zPosted = z.object({
  to: z.string(),
  message: zMessage,
  /** How often it was tried. */
  attempts: z.int().nonnegative(),
  /** Not tried before this time (milliseconds since 1970). */
  notBefore: z.number(),
});
export type Posted = z.output<typeof zPosted>;

/**
 * What the watcher remembers, in one file that is always whole: how far it is, and what it told. Both change together,
 * so that a crash loses no alert.
 */
export const zWatchState = z.strictObject({
  version: z.literal(1),
  /** When the watch began by the chain's clock, seconds since 1970: what changed before is history. */
  since: z.int().optional(),
  accounts: z.array(zAddress),
  chainId: z.int(),
  /** By the RPCs' names. */
  following: z.record(z.string(), zFollowing),
  /** Since when an RPC gave no usable answer (milliseconds since 1970), by its name. */
  failing: z.record(z.string(), z.object({ since: z.number(), kind: z.string(), message: z.string() })),
  /** Alerts that were told, by their tellings. */
  told: z.record(z.string(), zAlert),
  /** Messages about the RPCs that were sent and still hold. */
  toldOfSources: z.array(z.string()),
  /** Alerts that the person has seen, by their tellings. */
  seen: z.array(z.string()),
  outbox: z.array(zPosted),
});
export type WatchState = z.output<typeof zWatchState>;

/** The watcher's memory in a file. */
export const watchFile = (file: string): JsonFile<WatchState> => jsonFile(file, zWatchState);

/** The memory of a profile's watcher. */
export const profileWatchFile = (directory: string): JsonFile<WatchState> =>
  watchFile(path.join(directory, "watch.json"));
