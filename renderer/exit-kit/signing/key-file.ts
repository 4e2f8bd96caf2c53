import { scryptAsync } from "@noble/hashes/scrypt.js";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { bytesToHex, concat, hexToBytes, keccak256, stringToBytes } from "viem/utils";
import { z } from "zod";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Hex, isBytes } from "#core/primitives/hex.ts";

/**
 * Private keys in files, as Ethereum wallets have kept them since 2015 (Web3 Secret Storage, version 3): so that the
 * key made here can be used in any of them, without this page.
 */
const hexDigits = (bytes?: number) =>
  z
    .string()
    .transform((text) => `0x${text}`)
    .refine((value): value is Hex => isBytes(value, bytes), "must be hexadecimal");

/** What scrypt may be made to take: 1 GiB of memory, which no wallet writes, is refused. */
const MOST_SCRYPT_BYTES = 2 ** 30;

const zKeyFile = z.object({
  version: z.literal(3),
  crypto: z.object({
    cipher: z.literal("aes-128-ctr"),
    cipherparams: z.object({ iv: hexDigits(16) }),
    ciphertext: hexDigits(32),
    kdf: z.literal("scrypt"),
    kdfparams: z
      .object({
        dklen: z.literal(32),
        n: z.int().min(2),
        r: z.int().min(1),
        p: z.int().min(1).max(16),
        salt: hexDigits(),
      })
      .refine(({ n, r }) => (n & (n - 1)) === 0 && 128 * n * r < MOST_SCRYPT_BYTES, "must be affordable"),
    mac: hexDigits(32),
  }),
});

type KdfParams = z.output<typeof zKeyFile>["crypto"]["kdfparams"];

/** Takes about a second, and 128 MiB. */
const NEW_FILE = { dklen: 32, n: 2 ** 17, r: 8, p: 1 } as const;

const derive = (password: string, { n, r, p, dklen, salt }: KdfParams): Promise<Uint8Array> =>
  scryptAsync(stringToBytes(password), hexToBytes(salt), {
    N: n,
    r,
    p,
    dkLen: dklen,
    maxmem: MOST_SCRYPT_BYTES + 2 ** 20,
  });

/** AES-128 in counter mode; encrypting and decrypting are the same. */
async function aesCtr(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey("raw", key.slice(), "AES-CTR", false, ["encrypt"]);
  const algorithm = { name: "AES-CTR", counter: iv.slice(), length: 128 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, bytes.slice()));
}

const macOf = (derived: Uint8Array, ciphertext: Uint8Array): Hex =>
  keccak256(concat([derived.slice(16, 32), ciphertext]));

const digits = (bytes: Uint8Array | Hex) => (typeof bytes === "string" ? bytes : bytesToHex(bytes)).slice(2);

/** A private key as the text of a key file. */
export async function writeKeyFile(privateKey: Hex, password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const derived = await derive(password, { ...NEW_FILE, salt: bytesToHex(salt) });
  const ciphertext = await aesCtr(derived.slice(0, 16), iv, hexToBytes(privateKey));
  return JSON.stringify(
    {
      version: 3,
      id: crypto.randomUUID(),
      address: privateKeyToAccount(privateKey).address.slice(2).toLowerCase(),
      crypto: {
        cipher: "aes-128-ctr",
        cipherparams: { iv: digits(iv) },
        ciphertext: digits(ciphertext),
        kdf: "scrypt",
        kdfparams: { ...NEW_FILE, salt: digits(salt) },
        mac: digits(macOf(derived, ciphertext)),
      },
    },
    undefined,
    2,
  );
}

/**
 * The key in a key file.
 * @throws WalletError when it is no such file, or when the password is another
 */
export async function openKeyFile(text: string, password: string): Promise<PrivateKeyAccount> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const file = zKeyFile.safeParse(content);
  if (!file.success) {
    throw new WalletError(
      "key-file-unreadable",
      "This is not a key file that this page can read.",
      "Choose a file that this page or an Ethereum wallet wrote (version 3, scrypt).",
      { cause: file.error },
    );
  }
  const { cipherparams, ciphertext, kdfparams, mac } = file.data.crypto;
  const derived = await derive(password, kdfparams);
  const sealed = hexToBytes(ciphertext);
  if (macOf(derived, sealed) !== mac.toLowerCase()) {
    throw new WalletError(
      "key-file-password",
      "The password does not open this file.",
      "Check it letter by letter: without the right one nobody can open the file.",
    );
  }
  return privateKeyToAccount(
    bytesToHex(await aesCtr(derived.slice(0, 16), hexToBytes(cipherparams.iv), sealed)),
  );
}
