import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

/** An X25519 public key: 32 bytes, base64url. Nodes know each other by it. */
export const zIdentityKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const zIdentityFile = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("X25519"),
  x: zIdentityKey,
  d: zIdentityKey,
});

/** A node's own key pair. */
export interface Identity {
  readonly publicKey: string;
  /** The X25519 shared secret with another node. */
  readonly agree: (publicKey: string) => Buffer;
}

/** Reads a node's identity; makes it when there is none yet. Only this user can read the file. */
export async function openIdentity(file: string): Promise<Identity> {
  const existing = await readIfThere(file);
  return fromJwk(existing === undefined ? await create(file) : JSON.parse(existing));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function create(file: string): Promise<unknown> {
  const jwk = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}

function fromJwk(value: unknown): Identity {
  const jwk = zIdentityFile.parse(value);
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return {
    publicKey: jwk.x,
    agree: (publicKey) => diffieHellman({ privateKey, publicKey: publicKeyObject(publicKey) }),
  };
}

function publicKeyObject(x: string): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
}
