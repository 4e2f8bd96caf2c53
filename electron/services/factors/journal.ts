import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { zWalletErrorData } from "#core/errors/wallet-error.ts";
import { zReplaceableRole } from "#core/keys/role.ts";
import { RECORD_FACTOR_TYPES, zRecordFactor } from "#core/security/opened-record.ts";
import { FACTOR_CHANGES, FACTOR_STEPS } from "#core/wallet-api/factors.ts";
import { jsonFile } from "../storage/json-file.ts";

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

/** All changes of factors, also those that ended: they tell since when a factor is there. */
export interface FactorJournal {
  readonly list: () => Promise<FactorEntry[]>;
  readonly save: (entry: FactorEntry) => Promise<void>;
}

/** One file per change, each always whole. */
export function openFactorJournal(directory: string): FactorJournal {
  const folder = path.join(directory, "factor-changes");
  const file = (id: string) => jsonFile(path.join(folder, `${id}.json`), zFactorEntry);
  return {
    async list() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(folder)).filter((name) => /^[0-9a-f-]{36}\.json$/.test(name));
      const entries = await Promise.all(names.map((name) => file(name.slice(0, -5)).read()));
      return entries.filter((entry) => entry !== undefined).sort((a, b) => b.createdAt - a.createdAt);
    },
    save: (entry) => file(entry.id).write(entry),
  };
}
