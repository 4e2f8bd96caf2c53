import { createCipheriv, randomBytes, randomUUID, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { privateKeyToAddress } from "viem/accounts";
import { bytesToHex, keccak256 } from "viem/utils";
import { type Address, toAddress } from "#core/primitives/address.ts";

/** A key for a script, as it leaves the vault: once, and nothing of it stays. */
export interface ExportedApiKey {
  readonly address: Address;
  /** The text of its file: a key file under a password, or the private key itself. */
  readonly text: string;
}

/** Takes about a second, and 128 MiB. */
const COST = { n: 2 ** 17, r: 8, p: 1, dklen: 32 } as const;
const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt);

/** A private key as Ethereum wallets keep them in files: Web3 Secret Storage, version 3. */
async function keyFile(privateKey: Uint8Array, address: Address, password: string): Promise<string> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  const { n, r, p, dklen } = COST;
  const derived = await derive(password, salt, dklen, { N: n, r, p, maxmem: 256 * n * r });
  const cipher = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv);
  const sealed = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  const mac = keccak256(Buffer.concat([derived.subarray(16, 32), sealed])).slice(2);
  derived.fill(0);
  const file = {
    version: 3,
    id: randomUUID(),
    address: address.slice(2).toLowerCase(),
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: iv.toString("hex") },
      ciphertext: sealed.toString("hex"),
      kdf: "scrypt",
      kdfparams: { ...COST, salt: salt.toString("hex") },
      mac,
    },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Makes a key for a script. It has no say in anything until the account's keys add it.
 * @param password the file is sealed with it; without one it is the plain key
 */
export async function createApiKey(password: string | undefined): Promise<ExportedApiKey> {
  const privateKey = secp256k1.utils.randomSecretKey();
  try {
    const address = toAddress(privateKeyToAddress(bytesToHex(privateKey)));
    const text =
      password === undefined ? `${bytesToHex(privateKey)}\n` : await keyFile(privateKey, address, password);
    return { address, text };
  } finally {
    privateKey.fill(0);
  }
}
