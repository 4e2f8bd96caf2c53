import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { zModelId } from "./models.ts";

/** The version of the Ethereum app that this device imitates. */
export const APP_VERSION = "1.22.0";

/** The two settings of the Ethereum app that decide what it signs. Both are off on a new device. */
export const zAppSettings = z.strictObject({
  /** Show and sign every field of a typed message, without a description signed by Ledger. */
  rawMessages: z.boolean(),
  /** Sign contract calls and hashes that the device cannot read. */
  blindSigning: z.boolean(),
});
export type AppSettings = z.output<typeof zAppSettings>;

export const DEFAULT_APP_SETTINGS: AppSettings = { rawMessages: false, blindSigning: false };

export const zAppVersion = z
  .string()
  .regex(/^\d{1,3}\.\d{1,3}\.\d{1,3}$/, "must be a version such as 1.22.0");

/** What survives a restart of the software Ledger. */
export const zStoredDevice = z.strictObject({
  model: zModelId,
  settings: zAppSettings,
  appVersion: zAppVersion,
});
export type StoredDevice = z.output<typeof zStoredDevice>;

const storedIn = (folder: string) => path.join(folder, "ledger.json");

/**
 * Reads what was stored in a folder; undefined when nothing was.
 * @throws Error when the file is there but is not what this program writes
 */
export async function loadDevice(folder: string): Promise<StoredDevice | undefined> {
  const file = storedIn(folder);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
  try {
    return zStoredDevice.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} is not a stored software Ledger; delete it to start afresh`, { cause });
  }
}

/** Stores it, making the folder when needed; a crash leaves the old file or the new one. */
export async function saveDevice(folder: string, device: StoredDevice): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(storedIn(folder), `${JSON.stringify(device, null, 2)}\n`);
}
