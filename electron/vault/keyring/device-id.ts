import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

const zDeviceId = z.strictObject({ version: z.literal(1), deviceId: z.uuid() });

const fileName = (directory: string) => path.join(directory, "device-id.json");

/**
 * The name under which the authenticator will keep this computer's secret, on disk before the authenticator hears it:
 * who dies between the two asks under the same name again, and leaves no secret behind that nobody uses.
 */
export async function plannedDeviceId(directory: string): Promise<string> {
  const text = await readFile(fileName(directory), "utf8").catch(() => "null");
  const known = zDeviceId.safeParse(parsed(text));
  if (known.success) return known.data.deviceId;
  const deviceId = randomUUID();
  const file = zDeviceId.parse({ version: 1, deviceId });
  await writeFileAtomic(fileName(directory), `${JSON.stringify(file)}\n`, { mode: 0o600 });
  return deviceId;
}

/** The key file names it from now on. Another device key in this place, one day, gets another secret. */
export async function forgetPlannedDeviceId(directory: string): Promise<void> {
  await rm(fileName(directory), { force: true });
}

/** What cannot be read is worth nothing here: another name does as well. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
