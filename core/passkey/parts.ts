import { sha256 } from "@noble/hashes/sha2.js";
import { base64urlnopad } from "@scure/base";
import { bytesToString, hexToBytes, stringToBytes } from "viem/utils";
import { z } from "zod";
import type { Hex } from "../primitives/hex.ts";
import { passkeyProblem } from "./errors.ts";

/**
 * The relying party id of passkeys that hold keys: the name by which browsers know pages of the computer itself.
 * Nobody owns it, so nobody can take it away; docs/people/passkey.md says what that means.
 */
export const PASSKEY_DOMAIN = "localhost";

/** Bytes in base64url without padding, as WebAuthn's JSON has them. */
const zBytes = (most: number) =>
  z
    .string()
    .max(Math.ceil((most * 4) / 3))
    .transform((text, context) => {
      try {
        return base64urlnopad.decode(text);
      } catch {
        context.addIssue({ code: "custom", message: "not base64url" });
        return z.NEVER;
      }
    });

/** The longest that are taken: what goes onto the chain costs by its length, and no browser writes as much. */
export const zClientDataBytes = zBytes(2_048);
export const zAuthenticatorDataBytes = zBytes(1_024);
export const zSignatureBytes = zBytes(80);

/** The name by which an authenticator knows a passkey: 1 to 1023 bytes (WebAuthn, section 4) in base64url. */
export const zCredentialId = z
  .string()
  .max(1_364)
  .regex(/^[A-Za-z0-9_-]{2,}$/);
export type CredentialId = z.output<typeof zCredentialId>;

export const base64url = (bytes: Hex | Uint8Array): string =>
  base64urlnopad.encode(typeof bytes === "string" ? hexToBytes(bytes) : bytes);

/** Reads what a browser sent. @throws WalletError "passkey-answer-wrong" */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw passkeyProblem("answer-wrong", cause);
  }
}

const zClientData = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.url({ hostname: new RegExp(`^${PASSKEY_DOMAIN}$`) }),
  crossOrigin: z.literal(false).optional(),
});

/**
 * Checks what the browser says it was asked: the type, the challenge, and by a page of which computer.
 * @throws WalletError "passkey-answer-wrong" when it is something else than was asked
 */
export function checkClientData(
  bytes: Uint8Array,
  type: "webauthn.create" | "webauthn.get",
  challenge: Hex,
): void {
  const data = parseAnswer(zClientData, bytesToString(bytes));
  if (data.type !== type || data.challenge !== base64url(challenge)) throw passkeyProblem("answer-wrong");
}

/** What authenticator data begins with: the domain's hash, a byte of flags, a counter (WebAuthn, section 6.1). */
const HEAD_BYTES = 37;
const PRESENT = 0x01;
const VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;

export interface AuthenticatorData {
  /** Whether other devices of the person may have the passkey, too. */
  readonly synced: boolean;
  readonly hasCredential: boolean;
  /** What follows the head. */
  readonly rest: Uint8Array;
}

/**
 * What the authenticator says about itself and the person.
 * @throws WalletError "passkey-not-verified" where it did not verify the person, "passkey-answer-wrong" otherwise
 */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  const flags = bytes[32];
  const domain = sha256(stringToBytes(PASSKEY_DOMAIN));
  if (flags === undefined || bytes.length < HEAD_BYTES || domain.some((byte, at) => bytes[at] !== byte)) {
    throw passkeyProblem("answer-wrong");
  }
  const has = (flag: number) => (flags & flag) !== 0;
  if (!has(PRESENT) || !has(VERIFIED)) throw passkeyProblem("not-verified");
  // The account's contract refuses what says to be copied though it cannot be.
  if (has(BACKED_UP) && !has(BACKUP_ELIGIBLE)) throw passkeyProblem("answer-wrong");
  return {
    synced: has(BACKUP_ELIGIBLE),
    hasCredential: has(HAS_CREDENTIAL),
    rest: bytes.subarray(HEAD_BYTES),
  };
}
