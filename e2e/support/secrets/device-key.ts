import { createDecipheriv } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { zState } from "#devnet/authenticator/state/schema.ts";
import { loadKeyFile, openDeviceKey } from "#electron/vault/keyring/key-file.ts";

/**
 * The device key of a profile, opened as only somebody can who has the profile, the key store's file of the stand-in
 * and the authenticator's database.
 */
export async function readDeviceKey(profile: string, devnetState: string): Promise<Uint8Array> {
  const file = await loadKeyFile(path.join(profile, "profiles", "devnet-31337"));
  if (!file) throw new Error(`there is no device key in ${profile}`);
  const keyStore = await readFile(path.join(profile, "stand-in-safe-storage.key"));
  const os = Buffer.from(unprotect(Buffer.from(file.osSecret, "base64"), keyStore), "base64");
  const text = await readFile(path.join(devnetState, "authenticator", "authenticator.json"), "utf8");
  const secrets = zState.parse(JSON.parse(text)).users.map(({ untrustedMetadata }) => untrustedMetadata);
  const session = secrets
    .map((each) => each[`trivet_device_${file.deviceId}`])
    .find((one) => one !== undefined);
  return openDeviceKey(file, { os, session: Buffer.from(z.string().parse(session), "hex") });
}

const MARK_BYTES = 3;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What the stand-in's safeStorage does: AES-256-GCM; a mark, the nonce, the tag, the text. */
function unprotect(sealed: Buffer, key: Buffer): string {
  const body = sealed.subarray(MARK_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, IV_BYTES));
  decipher.setAuthTag(body.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(body.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString();
}
