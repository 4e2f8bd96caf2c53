import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { app } from "../app/app.ts";
import { isReady } from "../app/readiness.ts";
import { loud } from "../loud.ts";
import { say } from "../say.ts";

const KEY_FILE = "stand-in-safe-storage.key";
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Marks what this version of the stand-in encrypted. */
const PREFIX = Buffer.from("si1");

let cached: { file: string; key: Buffer } | undefined;

/** The key that stands in for the operating system's: a file in the profile, which whoever reads it can use. */
function encryptionKey(): Buffer {
  if (!isReady()) throw new Error("safeStorage cannot be used before the app is ready");
  const file = path.join(app.getPath("userData"), KEY_FILE);
  if (cached?.file === file) return cached.key;
  const key = readKey(file) ?? createKey(file);
  if (key.length !== KEY_BYTES) throw new Error(`${file} is damaged: it holds no key`);
  cached = { file, key };
  say(`safeStorage is NOT secure in the stand-in: its key is in ${file}`);
  return key;
}

function readKey(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function createKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, key, { mode: 0o600, flag: "wx" });
  return key;
}

function encryptString(plainText: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, encryptionKey(), iv);
  const sealed = Buffer.concat([cipher.update(plainText, "utf8"), cipher.final()]);
  return Buffer.concat([PREFIX, iv, cipher.getAuthTag(), sealed]);
}

function decryptString(encrypted: Buffer): string {
  if (!encrypted.subarray(0, PREFIX.length).equals(PREFIX)) throw notDecryptable();
  const iv = encrypted.subarray(PREFIX.length, PREFIX.length + IV_BYTES);
  const tag = encrypted.subarray(PREFIX.length + IV_BYTES, PREFIX.length + IV_BYTES + TAG_BYTES);
  const sealed = encrypted.subarray(PREFIX.length + IV_BYTES + TAG_BYTES);
  if (tag.length !== TAG_BYTES) throw notDecryptable();
  const decipher = createDecipheriv(CIPHER, encryptionKey(), iv).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw notDecryptable(cause);
  }
}

/** Electron's words. */
const notDecryptable = (cause?: unknown): Error =>
  new Error(
    "Error while decrypting the ciphertext provided to safeStorage.decryptString. Ciphertext does not appear to be encrypted.",
    { cause },
  );

/** Electron's `safeStorage`, with a file where the operating system's key store would be. */
export const safeStorage = loud("safeStorage", {
  isEncryptionAvailable: () => isReady(),
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  getSelectedStorageBackend: () => (isReady() ? "basic_text" : "unknown"),
  encryptString,
  decryptString,
  encryptStringAsync: async (plainText: string) => encryptString(plainText),
  decryptStringAsync: async (encrypted: Buffer) => ({
    result: decryptString(encrypted),
    shouldReEncrypt: false,
  }),
});
