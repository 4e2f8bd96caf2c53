/** Passwords as kept in the state: hashed with scrypt (RFC 7914), each with its own salt. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const zCost = z.strictObject({ N: z.int(), r: z.int(), p: z.int() });
/** What one guess costs: memory is 128·N·r bytes, work is proportional to N·r·p. */
export type PasswordCost = Readonly<z.output<typeof zCost>>;

export const zPasswordHash = z.strictObject({
  /** Base64url. */
  salt: z.string(),
  /** Base64url. */
  key: z.string(),
  /** The cost it was made with, so that a later version can ask for more. */
  cost: zCost,
});
export type PasswordHash = z.output<typeof zPasswordHash>;

/** One of OWASP's equivalent settings for scrypt: 32 MB, about a quarter of a second. */
export const DEFAULT_COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;

export async function hashPassword(password: string, cost: PasswordCost): Promise<PasswordHash> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return { salt: salt.toString("base64url"), key: key.toString("base64url"), cost: { ...cost } };
}

/**
 * Whether a password is the right one. Without a hash to compare with it is wrong, after the same work: how long the
 * answer takes tells nothing about whether there is a password.
 *
 * @param cost of new hashes
 */
export async function isPassword(
  password: string,
  hash: PasswordHash | undefined,
  cost: PasswordCost,
): Promise<boolean> {
  if (hash === undefined) {
    await derive(password, randomBytes(16), cost);
    return false;
  }
  const derived = await derive(password, Buffer.from(hash.salt, "base64url"), hash.cost);
  return timingSafeEqual(derived, Buffer.from(hash.key, "base64url"));
}

function derive(password: string, salt: Buffer, { N, r, p }: PasswordCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same characters must give the same bytes however a keyboard composes them (NIST SP 800-63B, 3.1.1.2).
    const text = password.normalize("NFKC");
    scrypt(text, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
