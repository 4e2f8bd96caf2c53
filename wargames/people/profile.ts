/** A computer with Trivet on it: the folder with the sealed device key, and the operating system's key store. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toHex } from "viem/utils";
import { newSigner, type TestSigner } from "#contracts/testing/world.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { Keyring, type KeyStore } from "#electron/vault/keyring/keyring.ts";
import { PersonSession } from "#electron/vault/session/session.ts";
import type { WargameWorld } from "../world/world.ts";
import type { CodeReader } from "./belongings.ts";
import { errorCode } from "./proving.ts";

/** An operating system's key store: what it sealed, only it opens. */
export function newKeyStore(): KeyStore {
  const key = randomBytes(32);
  return {
    protect: async (secret) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
    },
    unprotect: async (sealed) => {
      const bytes = Buffer.from(sealed, "base64");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    },
  };
}

/**
 * What somebody needs to open a sealed device key; without the key store, or without both mailbox and unlock code, they
 * have to guess.
 */
export interface ProfileParts {
  readonly folder: string;
  readonly keyStore?: KeyStore;
  readonly mailbox?: CodeReader;
  /** On paper. It is tried first, and nobody is asked. */
  readonly unlockCode?: string;
}

async function signIn({ authenticator }: WargameWorld, mailbox: CodeReader): Promise<PersonSession> {
  const session = new PersonSession(authenticator.client());
  await session.sendCode(mailbox.address);
  await session.verifyCode(await mailbox.newestCode());
  return session;
}

const signerOf = (keyring: Keyring): TestSigner =>
  newSigner(
    NO_SALT,
    keyring.device.withBytes((bytes) => toHex(bytes)),
  );

/** The computer of a household's first device key. */
export class Computer {
  readonly parts: Required<ProfileParts>;
  readonly device: TestSigner;

  private constructor(parts: Required<ProfileParts>, device: TestSigner) {
    this.parts = parts;
    this.device = device;
  }

  /** Installs Trivet: the vault makes the device key and seals it on the disk. */
  static async install(world: WargameWorld, mailbox: CodeReader): Promise<Computer> {
    const folder = await mkdtemp(path.join(tmpdir(), "trivet-profile-"));
    const keyStore = newKeyStore();
    const keyring = await Keyring.load(folder, keyStore, await signIn(world, mailbox));
    await keyring.create();
    const unlockCode = await keyring.createUnlockCode();
    return new Computer({ folder, keyStore, mailbox, unlockCode }, signerOf(keyring));
  }

  async discard(): Promise<void> {
    await rm(this.parts.folder, { recursive: true, force: true });
  }
}

/** Unlocks what lies on a disk, as the vault does, with whatever of the other parts somebody has. */
export async function unlock(
  world: WargameWorld,
  { folder, keyStore = newKeyStore(), mailbox, unlockCode }: ProfileParts,
): Promise<{ readonly device: TestSigner } | { readonly refused: string }> {
  try {
    const session = mailbox ? await signIn(world, mailbox) : new PersonSession(world.authenticator.client());
    const keyring = await Keyring.load(folder, keyStore, session);
    await (unlockCode === undefined ? keyring.unlock() : keyring.unlockByCode(unlockCode));
    const device = signerOf(keyring);
    keyring.lock();
    return { device };
  } catch (error) {
    return { refused: errorCode(error) };
  }
}
