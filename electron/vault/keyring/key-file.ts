import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { newerFile } from "#core/errors/newer-file.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zAddress } from "#core/primitives/address.ts";

/** What the wrapping keys are derived for: one seal never opens as the other. */
const KDF_INFO = { session: "trivet device key v1", paper: "trivet device key, unlock code v1" } as const;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const zSeal = z.strictObject({
  salt: z.base64(),
  nonce: z.base64(),
  /** AES-256-GCM: ciphertext of the private key, then the tag. */
  sealed: z.base64(),
});
type Seal = z.output<typeof zSeal>;

const zKeyFile = zSeal.extend({
  version: z.literal(1),
  /** Names this computer's secret at the authenticator. */
  deviceId: z.uuid(),
  address: zAddress,
  /** The operating system's half of the wrapping key, encrypted by the operating system's key store. */
  osSecret: z.base64(),
  /** The same key, sealed under the unlock code in place of the session's half. */
  paper: zSeal.optional(),
});
export type KeyFile = z.output<typeof zKeyFile>;

/** The two halves without which the device key cannot be opened. */
export interface WrappingSecrets {
  /** 32 bytes that only the operating system's key store can decrypt. */
  readonly os: Uint8Array;
  /** 32 bytes that only a valid authenticator session can fetch. */
  readonly session: Uint8Array;
}

/** The two halves that open it without the authenticator. */
export interface PaperSecrets {
  readonly os: Uint8Array;
  /** The 16 bytes of the unlock code. */
  readonly paper: Uint8Array;
}

type Identity = Pick<KeyFile, "deviceId" | "address" | "osSecret">;

function wrappingKey(info: string, halves: readonly Uint8Array[], salt: Uint8Array): Uint8Array {
  const material = Buffer.concat(halves);
  try {
    return new Uint8Array(hkdfSync("sha256", material, salt, info, KEY_BYTES));
  } finally {
    material.fill(0);
  }
}

/** What the seal covers besides the key, so that no field can be swapped between files. */
const sealedContext = (info: string, { deviceId, address }: Identity) =>
  Buffer.from(`${info}|${deviceId}|${address}`, "utf8");

function seal(info: string, privateKey: Uint8Array, identity: Identity, halves: readonly Uint8Array[]): Seal {
  const salt = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const key = wrappingKey(info, halves, salt);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(sealedContext(info, identity));
  const sealed = Buffer.concat([cipher.update(privateKey), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return {
    salt: salt.toString("base64"),
    nonce: nonce.toString("base64"),
    sealed: sealed.toString("base64"),
  };
}

/** @returns the private key, or undefined where a half is wrong or the seal was changed */
function unseal(
  info: string,
  seal: Seal,
  identity: Identity,
  halves: readonly Uint8Array[],
): Uint8Array | undefined {
  const sealed = Buffer.from(seal.sealed, "base64");
  const key = wrappingKey(info, halves, Buffer.from(seal.salt, "base64"));
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(seal.nonce, "base64"));
    decipher.setAAD(sealedContext(info, identity));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const head = decipher.update(sealed.subarray(0, -TAG_BYTES));
    const opened = Buffer.concat([head, decipher.final()]);
    const privateKey = new Uint8Array(opened);
    head.fill(0);
    opened.fill(0);
    return privateKey;
  } catch {
    // Whatever is wrong with it, the cipher says the same; the callers name it for the person.
    return undefined;
  } finally {
    key.fill(0);
  }
}

/** Encrypts a private key (32 bytes) under both secrets: HKDF-SHA256, then AES-256-GCM. */
export function sealDeviceKey(
  privateKey: Uint8Array,
  { deviceId, address, osSecret }: Identity,
  { os, session }: WrappingSecrets,
): KeyFile {
  const identity = { deviceId, address, osSecret };
  return { version: 1, ...identity, ...seal(KDF_INFO.session, privateKey, identity, [os, session]) };
}

/**
 * Decrypts the private key (32 bytes; the caller wipes it).
 * @throws WalletError "device-key-unopenable" when either secret is wrong or the file was changed
 */
export function openDeviceKey(file: KeyFile, { os, session }: WrappingSecrets): Uint8Array {
  const privateKey = unseal(KDF_INFO.session, file, file, [os, session]);
  if (privateKey) return privateKey;
  throw new WalletError(
    "device-key-unopenable",
    "The device key on this computer cannot be opened.",
    "The file was changed, or this computer's key store was reset. The money is safe: the recovery key can add a new device key.",
  );
}

/** The file with a second seal, which the unlock code opens; an earlier code opens it no more. */
export function sealForPaper(file: KeyFile, privateKey: Uint8Array, { os, paper }: PaperSecrets): KeyFile {
  return { ...file, paper: seal(KDF_INFO.paper, privateKey, file, [os, paper]) };
}

/**
 * Decrypts the private key by the unlock code (32 bytes; the caller wipes it).
 * @throws WalletError "no-unlock-code" when none was made here, "unlock-code-wrong" when this one does not open it
 */
export function openByPaper(file: KeyFile, { os, paper }: PaperSecrets): Uint8Array {
  if (!file.paper)
    throw new WalletError(
      "no-unlock-code",
      "No unlock code was made for this computer.",
      "Unlock with your email address. An unlock code can be made on the Keys screen.",
    );
  const privateKey = unseal(KDF_INFO.paper, file.paper, file, [os, paper]);
  if (privateKey) return privateKey;
  throw new WalletError(
    "unlock-code-wrong",
    "This unlock code does not open this computer's device key.",
    "It may be an older one, or another computer's. A code that was made later replaces those before it.",
  );
}

const fileName = (directory: string) => path.join(directory, "device-key.json");

/** Writes the key file: the old one or the new one exists at any moment, never half of one. Mode 0600. */
export async function saveKeyFile(directory: string, file: KeyFile): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  await writeFileAtomic(fileName(directory), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
}

/** Gives the key file a name under which it is not found, but still is. */
export async function putKeyFileAway(directory: string, { address }: KeyFile): Promise<void> {
  await rename(fileName(directory), path.join(directory, `device-key-${address.slice(2, 10)}-away.json`));
}

/**
 * Reads the key file; undefined when there is none.
 * @throws WalletError "device-key-damaged" when it is not what this version writes, "file-newer" when a later one did
 */
export async function loadKeyFile(directory: string): Promise<KeyFile | undefined> {
  let text: string;
  try {
    text = await readFile(fileName(directory), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
    return zKeyFile.parse(content);
  } catch (cause) {
    throw (
      newerFile("with this computer's device key", cause, content) ??
      new WalletError(
        "device-key-damaged",
        "The file with this computer's device key is damaged.",
        `Restore ${fileName(directory)} from a backup, or add a new device key with your recovery key.`,
        { cause },
      )
    );
  }
}
