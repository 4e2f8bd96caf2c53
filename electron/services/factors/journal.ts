import path from "node:path";
import { z } from "zod";
import { zWalletErrorData } from "#core/errors/wallet-error.ts";
import { zReplaceableRole } from "#core/keys/role.ts";
import { RECORD_FACTOR_TYPES, type RecordFactor, zRecordFactor } from "#core/security/opened-record.ts";
import { FACTOR_CHANGES, FACTOR_STEPS } from "#core/wallet-api/factors.ts";
import { type EntryFolder, entryFolder } from "../storage/entry-folder.ts";

/** One change of factors. No secret and no code is ever in it. */
export const zFactorEntry = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  kind: z.enum(FACTOR_CHANGES),
  type: z.enum(RECORD_FACTOR_TYPES),
  /** The factor that is changed or removed. */
  old: zRecordFactor.optional(),
  /** The factor that comes, once the authenticator has it. */
  added: zRecordFactor.optional(),
  /** The authenticator's id of an app whose secret was shown: should Trivet die before its first code was noted. */
  begun: z.string().optional(),
  /** Whether this change set it up itself; only then dropping the change deletes it again. */
  ownSetUp: z.boolean(),
  /** The email address or phone number that was typed, and how the factor is called. */
  address: z.string().optional(),
  name: z.string().optional(),
  /** The old authenticator app was deleted, so that there can be another. */
  released: z.boolean(),
  /** The person said that they keep the recovery codes. */
  codesKept: z.boolean(),
  /** Keys whose record was seen to hold what is wanted. */
  written: z.array(zReplaceableRole),
  endedAt: z.number().optional(),
  ended: z.enum(["done", "dropped"]).optional(),
  failure: z.object({ step: z.enum(FACTOR_STEPS), error: zWalletErrorData }).optional(),
});
export type FactorEntry = z.output<typeof zFactorEntry>;

/** Changes of factors, also those that ended: they tell since when a factor is there. */
export type FactorJournal = EntryFolder<FactorEntry>;

const nameOf = ({ type, id }: RecordFactor): string => `${type}|${id}`;

/** The changes that tell since when a factor is there: of each factor the last that was done with it, if that added it. */
function addingChanges(newestFirst: readonly FactorEntry[]): Set<string> {
  const known = new Set<string>();
  const adding = new Set<string>();
  for (const { id, ended, added, old } of newestFirst) {
    if (ended !== "done") continue;
    if (added && !known.has(nameOf(added))) adding.add(id);
    for (const factor of [added, old]) if (factor) known.add(nameOf(factor));
  }
  return adding;
}

/** One file per change, each always whole; of those that ended the newest, and whatever tells of a factor. */
export const openFactorJournal = (directory: string): FactorJournal =>
  entryFolder(path.join(directory, "factor-changes"), { schema: zFactorEntry, needed: addingChanges });
