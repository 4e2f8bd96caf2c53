/** Passwords as kept in the state: hashed with scrypt (RFC 7914), each with its own salt. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";

export const zPasswordHash = z.strictObject({
  /** Base64url. */
  salt: z.string(),
  /** Base64url. */
  key: z.string(),
  /** The cost it was made with, so that a later version can ask for more. */
  cost: z.strictObject({ N: z.int(), r: z.int(), p: z.int() }),
});
export type PasswordHash = z.output<typeof zPasswordHash>;

/** One of OWASP's equivalent settings for scrypt: 32 MB, about a quarter of a second. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return { salt: salt.toString("base64url"), key: key.toString("base64url"), cost: { ...COST } };
}

/**
 * Whether a password is the right one. Without a hash to compare with it is wrong, after the same work: how long the
 * answer takes tells nothing about whether there is a password.
 */
export async function isPassword(password: string, hash: PasswordHash | undefined): Promise<boolean> {
  const { salt, key, cost } = hash ?? NOBODYS;
  const expected = Buffer.from(key, "base64url");
  const derived = await derive(password, Buffer.from(salt, "base64url"), cost);
  return timingSafeEqual(derived, expected) && hash !== undefined;
}

const NOBODYS: PasswordHash = {
  salt: randomBytes(16).toString("base64url"),
  key: randomBytes(KEY_BYTES).toString("base64url"),
  cost: COST,
};

function derive(password: string, salt: Buffer, { N, r, p }: PasswordHash["cost"]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same characters must give the same bytes however a keyboard composes them (NIST SP 800-63B, 3.1.1.2).
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
