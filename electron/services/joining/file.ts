import { rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { zFirstKeys } from "#core/exit-kit/exit-kit.ts";
import { zKey } from "#core/keys/key.ts";
import { zRole } from "#core/keys/role.ts";
import { zAddress } from "#core/primitives/address.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";

const zJoiningFile = z.strictObject({
  version: z.literal(1),
  account: zAddress,
  firstKeys: zFirstKeys,
  /** Keys that the account's exit kit named; whether they still are the account's, the chain says. */
  hints: z.array(z.strictObject({ role: zRole, key: zKey, holder: z.string() })),
  /** Whether the chain was seen to have this computer's device key: one that it has no more was rejected. */
  seenPending: z.boolean(),
});
export type JoiningContent = z.output<typeof zJoiningFile>;

/** What this computer is joining; there only until it is in. Nothing in it is secret. */
export interface JoiningFile extends JsonFile<JoiningContent> {
  readonly remove: () => Promise<void>;
}

export function joiningFile(directory: string): JoiningFile {
  const file = path.join(directory, "joining.json");
  return { ...jsonFile(file, zJoiningFile), remove: () => rm(file, { force: true }) };
}
