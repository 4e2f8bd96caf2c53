import path from "node:path";
import { z } from "zod";
import { zAddress } from "#core/primitives/address.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";

const zNotes = z.strictObject({
  version: z.literal(1),
  /** Rehearsals by signature, in seconds since 1970: the chain knows nothing of them. */
  rehearsed: z.array(z.object({ account: zAddress, address: zAddress, at: z.number() })),
});
export type EmergencyNotes = z.output<typeof zNotes>;

export const NO_NOTES: EmergencyNotes = { version: 1, rehearsed: [] };

/** Which emergency addresses were seen to work, on this computer. */
export const emergencyNotes = (directory: string): JsonFile<EmergencyNotes> =>
  jsonFile(path.join(directory, "emergency.json"), zNotes);
