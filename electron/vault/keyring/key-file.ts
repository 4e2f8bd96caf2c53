import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { chmod, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, zAddress } from "#core/primitives/address.ts";

const KDF_INFO = "trivet device key v1";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const zKeyFile = z.strictObject({
  version: z.literal(1),
  /** Names this computer's secret at the authenticator. */
  deviceId: z.uuid(),
  address: zAddress,
  /** The operating system's half of the wrapping key, encrypted by the operating system's key store. */
  osSecret: z.base64(),
  salt: z.base64(),
  nonce: z.base64(),
  /** AES-256-GCM: ciphertext of the private key, then the tag. */
  sealed: z.base64(),
});
export type KeyFile = z.output<typeof zKeyFile>;

/** The two halves without which the device key cannot be opened. */
export interface WrappingSecrets {
  /** 32 bytes that only the operating system's key store can decrypt. */
  readonly os: Uint8Array;
  /** 32 bytes that only a valid authenticator session can fetch. */
  readonly session: Uint8Array;
}

function wrappingKey({ os, session }: WrappingSecrets, salt: Uint8Array): Uint8Array {
  const material = Buffer.concat([os, session]);
  try {
    return new Uint8Array(hkdfSync("sha256", material, salt, KDF_INFO, KEY_BYTES));
  } finally {
    material.fill(0);
  }
}

/** What the seal covers besides the key, so that no field can be swapped between files. */
const sealedContext = (deviceId: string, address: Address) =>
  Buffer.from(`${KDF_INFO}|${deviceId}|${address}`, "utf8");

/** Encrypts a private key (32 bytes) under both secrets: HKDF-SHA256, then AES-256-GCM. */
export function sealDeviceKey(
  privateKey: Uint8Array,
  identity: { deviceId: string; address: Address; osSecret: string },
  secrets: WrappingSecrets,
): KeyFile {
  const salt = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const key = wrappingKey(secrets, salt);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(sealedContext(identity.deviceId, identity.address));
  const sealed = Buffer.concat([cipher.update(privateKey), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return {
    version: 1,
    ...identity,
    salt: salt.toString("base64"),
    nonce: nonce.toString("base64"),
    sealed: sealed.toString("base64"),
  };
}

/**
 * Decrypts the private key (32 bytes; the caller wipes it).
 * @throws WalletError "device-key-unopenable" when either secret is wrong or the file was changed
 */
export function openDeviceKey(file: KeyFile, secrets: WrappingSecrets): Uint8Array {
  const sealed = Buffer.from(file.sealed, "base64");
  const key = wrappingKey(secrets, Buffer.from(file.salt, "base64"));
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(file.nonce, "base64"));
    decipher.setAAD(sealedContext(file.deviceId, file.address));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const head = decipher.update(sealed.subarray(0, -TAG_BYTES));
    const opened = Buffer.concat([head, decipher.final()]);
    const privateKey = new Uint8Array(opened);
    head.fill(0);
    opened.fill(0);
    return privateKey;
  } catch (cause) {
    throw new WalletError(
      "device-key-unopenable",
      "The device key on this computer cannot be opened.",
      "The file was changed, or this computer's key store was reset. The money is safe: the recovery key can add a new device key.",
      { cause },
    );
  } finally {
    key.fill(0);
  }
}

const fileName = (directory: string) => path.join(directory, "device-key.json");

/** Writes the key file: the old one or the new one exists at any moment, never half of one. Mode 0600. */
export async function saveKeyFile(directory: string, file: KeyFile): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  await writeFileAtomic(fileName(directory), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Reads the key file; undefined when there is none.
 * @throws WalletError "device-key-damaged" when it is not what this version writes
 */
export async function loadKeyFile(directory: string): Promise<KeyFile | undefined> {
  let text: string;
  try {
    text = await readFile(fileName(directory), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return zKeyFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new WalletError(
      "device-key-damaged",
      "The file with this computer's device key is damaged.",
      `Restore ${fileName(directory)} from a backup, or add a new device key with your recovery key.`,
      { cause },
    );
  }
}
