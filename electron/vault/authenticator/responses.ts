/** What the API answers, as far as the wallet uses it. Fields it does not use are ignored. */
import { z } from "zod";
import { zAuthenticationFactor } from "#core/security/session-claims.ts";

/** Errors are not wrapped. */
export const zApiError = z.object({
  error_type: z.string(),
  /** For the log, so nothing but what Stytch's ids look like; other texts are dropped. */
  request_id: z
    .string()
    .regex(/^request-id-(test|live)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    .optional()
    .catch(undefined),
  error_details: z.object({ reason: z.string() }).optional().catch(undefined),
});

/** Successes are. */
export const enveloped = <T>(schema: z.ZodType<T>) =>
  z.object({ data: schema }).transform(({ data }): T => data);

/** What the user has of a kind; a project without the kind need not name it. */
const zList = <T>(schema: z.ZodType<T>) =>
  z
    .array(schema)
    .nullish()
    .transform((list): T[] => list ?? []);

export const zUser = z.object({
  user_id: z.string().min(1),
  emails: z.array(z.object({ email_id: z.string(), email: z.string(), verified: z.boolean() })),
  phone_numbers: zList(z.object({ phone_id: z.string(), phone_number: z.string(), verified: z.boolean() })),
  totps: z.array(z.object({ totp_id: z.string(), verified: z.boolean() })),
  webauthn_registrations: zList(
    z.object({
      webauthn_registration_id: z.string(),
      domain: z.string(),
      name: z.string().nullish(),
      verified: z.boolean(),
    }),
  ),
  password: z.object({ password_id: z.string(), requires_reset: z.boolean() }).nullish(),
  providers: zList(
    z.object({
      oauth_user_registration_id: z.string(),
      provider_type: z.string(),
      provider_subject: z.string(),
    }),
  ),
  crypto_wallets: zList(
    z.object({
      crypto_wallet_id: z.string(),
      crypto_wallet_address: z.string(),
      crypto_wallet_type: z.string(),
      verified: z.boolean(),
    }),
  ),
  untrusted_metadata: z.record(z.string(), z.json()).nullish(),
});

export const zCodeSent = z.object({ method_id: z.string().min(1) });

export const zAuthenticated = z.object({
  user_id: z.string().min(1),
  user: zUser,
  session: z.object({
    session_id: z.string().min(1),
    expires_at: z.iso.datetime(),
    authentication_factors: z.array(zAuthenticationFactor),
  }),
  session_token: z.string().min(1),
  session_jwt: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
});

export const zTotpCreated = z.object({
  totp_id: z.string().min(1),
  secret: z.string().regex(/^[A-Z2-7]{16,}$/),
  qr_code: z.string().startsWith("data:image/"),
  recovery_codes: z.array(z.string().min(8)).min(1),
});

export const zRecoveryCodes = z.object({
  totps: z.array(z.object({ recovery_codes: z.array(z.string().min(8)) })),
});

export const zCreationOptions = z.object({ public_key_credential_creation_options: z.string().min(2) });

export const zRequestOptions = z.object({ public_key_credential_request_options: z.string().min(2) });

export const zChallenge = z.object({ challenge: z.string().min(1).max(8192) });

export const zOAuthAttach = z.object({ oauth_attach_token: z.string().min(1) });

export const zStrength = z.object({
  valid_password: z.boolean(),
  score: z.number().min(0).max(4),
  breached_password: z.boolean(),
  feedback: z.object({ warning: z.string(), suggestions: z.array(z.string()) }).nullish(),
});

export const zUserChanged = z.object({ user: zUser });

/** An answer of which only the success matters. */
export const zDone = z.object({});
