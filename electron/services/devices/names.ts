import path from "node:path";
import { z } from "zod";
import { zComputerName } from "#core/joining/request.ts";
import { zAddress } from "#core/primitives/address.ts";
import { zKeyId } from "#core/primitives/hex.ts";
import { type JsonFile, jsonFile } from "../storage/json-file.ts";

/** No account has more device keys that a person let in by hand. */
export const MOST_NAMES = 64;

const zNames = z.strictObject({
  version: z.literal(1),
  /** Computers whose request was compared here: the chain knows nothing of names. */
  computers: z.array(z.strictObject({ id: zKeyId, signer: zAddress, name: zComputerName })).max(MOST_NAMES),
});
export type DeviceNames = z.output<typeof zNames>;

export const NO_NAMES: DeviceNames = { version: 1, computers: [] };

/** What the account's other computers are called, on this one. */
export const deviceNames = (directory: string): JsonFile<DeviceNames> =>
  jsonFile(path.join(directory, "devices.json"), zNames);
