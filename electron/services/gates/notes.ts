import path from "node:path";
import { z } from "zod";
import { zGateCid } from "#core/key-network/gate-cid.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";

const zNotes = z.strictObject({
  version: z.literal(1),
  /** The gate to which the account's keys are being moved; which of them are there, the chain says. */
  movingTo: zGateCid.optional(),
  /** Gates to which the person said no. */
  declined: z.array(zGateCid),
});
export type GateNotes = z.output<typeof zNotes>;

export const NO_NOTES: GateNotes = { version: 1, declined: [] };

/** What the person decided about gates, on this computer. */
export const gateNotes = (directory: string): JsonFile<GateNotes> =>
  jsonFile(path.join(directory, "gates.json"), zNotes);
