import { z } from "zod";

/** A user's passkey, as kept in the state. */
export const zPasskey = z.strictObject({
  registrationId: z.string(),
  /** The relying party id it was made for. */
  domain: z.string(),
  userAgent: z.string(),
  authenticatorType: z.string(),
  name: z.string(),
  /** Base64url, as the browser names it. */
  credentialId: z.string(),
  /** COSE key, base64url. */
  publicKey: z.string(),
  /** How often it says it was used; 0 for ever with most passkeys. */
  counter: z.int().nonnegative(),
  transports: z.array(z.string()),
});
export type PasskeyRecord = z.output<typeof zPasskey>;

/** A question to a passkey that waits for its answer, as kept in the state. Each is answered once. */
export const zPasskeyChallenge = z.strictObject({
  /** Base64url. */
  challenge: z.string(),
  use: z.enum(["register", "authenticate"]),
  domain: z.string(),
  /** The user it was asked of; undefined when anybody may answer to log in. */
  userId: z.string().optional(),
  userAgent: z.string(),
  authenticatorType: z.string(),
  /** Unix seconds. */
  expiresAt: z.int(),
});
export type PasskeyChallenge = z.output<typeof zPasskeyChallenge>;
