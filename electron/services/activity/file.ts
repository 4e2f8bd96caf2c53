import path from "node:path";
import { z } from "zod";
import { zAddress } from "#core/primitives/address.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";
import { zActivityLog } from "./log.ts";

const zActivityOnDisk = z.strictObject({
  version: z.literal(1),
  chainId: z.int(),
  account: zAddress,
  log: zActivityLog,
});
export type ActivityOnDisk = z.output<typeof zActivityOnDisk>;

/** Where the log is kept. */
export const activityFile = (directory: string): JsonFile<ActivityOnDisk> =>
  jsonFile(path.join(directory, "activity.json"), zActivityOnDisk);
