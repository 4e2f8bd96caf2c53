/** Everything the authenticator keeps: one JSON document, checked whenever it is read. Times are Unix seconds. */
import { z } from "zod";
import { zContact } from "../factors/contact.ts";
import { zLogin, zOAuthState } from "../factors/oauth/record.ts";
import { zPasskey, zPasskeyChallenge } from "../factors/passkey/record.ts";
import { zPasswordFactor, zResetToken } from "../factors/password/record.ts";
import { zTotpFactor } from "../factors/totp.ts";
import { zWallet } from "../factors/wallet.ts";

const zSeconds = z.int();

export const zSigningKey = z.strictObject({
  kid: z.string(),
  createdAt: zSeconds,
  /** When the key leaves the published set; undefined while it signs. */
  retiresAt: zSeconds.optional(),
  privateJwk: z.strictObject({
    kty: z.literal("RSA"),
    n: z.string(),
    e: z.string(),
    d: z.string(),
    p: z.string(),
    q: z.string(),
    dp: z.string(),
    dq: z.string(),
    qi: z.string(),
  }),
});

const zUser = z.strictObject({
  userId: z.string(),
  createdAt: zSeconds,
  /** What the app keeps at the authenticator for this person. */
  untrustedMetadata: z.record(z.string(), z.json()),
  /** Consecutive failures with whatever factor since the last success or lock. */
  failures: z.int().nonnegative(),
  lock: z.strictObject({ createdAt: zSeconds, expiresAt: zSeconds }).optional(),
  factors: z.strictObject({
    emails: z.array(zContact),
    phones: z.array(zContact),
    totp: zTotpFactor.optional(),
    passkeys: z.array(zPasskey),
    password: zPasswordFactor.optional(),
    logins: z.array(zLogin),
    wallets: z.array(zWallet),
  }),
});

const zSessionFactor = z.strictObject({
  type: z.string(),
  deliveryMethod: z.string(),
  /** The object that identifies the factor, e.g. `email_factor`, under its name in the API. */
  identity: z.record(z.string(), z.record(z.string(), z.string())),
  createdAt: zSeconds,
  lastAuthenticatedAt: zSeconds,
});

const zSession = z.strictObject({
  sessionId: z.string(),
  userId: z.string(),
  /** The bearer token. It lies here in the clear as the signing keys do: the file is the owner's alone. */
  token: z.string(),
  startedAt: zSeconds,
  lastAccessedAt: zSeconds,
  expiresAt: zSeconds,
  attributes: z.strictObject({ ip_address: z.string(), user_agent: z.string() }),
  factors: z.array(zSessionFactor),
});

/** A mail or an SMS. */
const zMessage = z.strictObject({
  to: z.string(),
  /** Six digits, or in a mail that resets a password its token. */
  code: z.string(),
  /** Leads to the app with the token. */
  link: z.string().optional(),
  sentAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  purpose: z.enum(["login", "reset-password"]),
});

export const zState = z.strictObject({
  version: z.literal(2),
  /** Seconds the authenticator's clock is ahead of the computer's. */
  clockOffset: zSeconds,
  /** What a back end identifies itself with on the /v1 paths; made at random for each devnet. */
  projectSecret: z.string(),
  signingKeys: z.array(zSigningKey),
  users: z.array(zUser),
  sessions: z.array(zSession),
  /** Sent mails, newest first. */
  inbox: z.array(zMessage),
  /** Sent SMS, newest first. */
  phone: z.array(zMessage),
  /** What was sent to which address within the last window. */
  sent: z.array(z.strictObject({ to: z.string(), at: zSeconds })),
  resetTokens: z.array(zResetToken),
  passkeyChallenges: z.array(zPasskeyChallenge),
  oauth: zOAuthState,
});

export type State = z.output<typeof zState>;
export type User = z.output<typeof zUser>;
export type Session = z.output<typeof zSession>;
export type SessionFactor = z.output<typeof zSessionFactor>;
export type SigningKey = z.output<typeof zSigningKey>;
export type Message = z.output<typeof zMessage>;
