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

export const zUser = z.object({
  user_id: z.string().min(1),
  emails: z.array(z.object({ email_id: z.string(), email: z.string(), verified: z.boolean() })),
  totps: z.array(z.object({ totp_id: z.string(), verified: z.boolean() })),
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

export const zUserChanged = z.object({ user: zUser });

/** An answer of which only the success matters. */
export const zDone = z.object({});
