import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** A new identifier in the authenticator's form, e.g. `user-test-6f0c…`. */
export function newId(kind: string): string {
  return `${kind}-test-${randomUUID()}`;
}

/** A new opaque bearer token: 32 random bytes. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Six random digits, every value as likely as any other. */
export function newDigits(): string {
  return randomInt(1_000_000).toString().padStart(6, "0");
}

const RECOVERY_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A new recovery code, e.g. `k3ms-9q0x-ebow`: 62 random bits. */
export function newRecoveryCode(): string {
  const group = () =>
    Array.from({ length: 4 }, () => RECOVERY_ALPHABET.charAt(randomInt(RECOVERY_ALPHABET.length))).join("");
  return [group(), group(), group()].join("-");
}
