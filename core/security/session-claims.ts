/**
 * The claims of the authenticator's session JWT.
 *
 * The shape is Stytch's consumer session JWT (RS256, 300 s, no `jti`); the devnet's authenticator issues the
 * same shape under its own issuer. Parsing proves nothing about who signed: verify signature, issuer, audience
 * and times first, then read factors from the parsed claims.
 */
import { z } from "zod";

/** The claim under which the authenticator puts its session. */
export const SESSION_CLAIM = "https://stytch.com/session";

/** Lifetime of every session JWT, in seconds, however long the session itself lasts. */
export const SESSION_JWT_LIFETIME_SECONDS = 300;

const zNumericDate = z.int().nonnegative();
const zTimestamp = z.iso.datetime();

const zId = z.string().min(1);

/** How every social login is identified; only its key differs from provider to provider. */
const zOAuthFactor = z.looseObject({ id: zId });

/**
 * One entry of `authentication_factors`. Entries of kinds this version does not know must not make a session
 * unreadable, so the kind is open and only the identifying objects of known kinds are described.
 */
export const zAuthenticationFactor = z.looseObject({
  type: z.string(),
  delivery_method: z.string(),
  last_authenticated_at: zTimestamp.optional(),
  email_factor: z.looseObject({ email_id: zId, email_address: zId }).optional(),
  phone_number_factor: z.looseObject({ phone_id: zId, phone_number: zId }).optional(),
  authenticator_app_factor: z.looseObject({ totp_id: zId }).optional(),
  webauthn_factor: z.looseObject({ webauthn_registration_id: zId }).optional(),
  crypto_wallet_factor: z
    .looseObject({ crypto_wallet_id: zId, crypto_wallet_address: zId, crypto_wallet_type: z.string() })
    .optional(),
  apple_oauth_factor: zOAuthFactor.optional(),
  github_oauth_factor: zOAuthFactor.optional(),
  google_oauth_factor: zOAuthFactor.optional(),
  microsoft_oauth_factor: zOAuthFactor.optional(),
});

const zSession = z.looseObject({
  id: z.string().min(1),
  started_at: zTimestamp,
  last_accessed_at: zTimestamp,
  expires_at: zTimestamp,
  attributes: z.looseObject({ ip_address: z.string(), user_agent: z.string() }).partial(),
  authentication_factors: z.array(zAuthenticationFactor),
});

export const zSessionClaims = z.looseObject({
  iss: z.string().min(1),
  aud: z.array(z.string().min(1)).nonempty(),
  sub: z.string().min(1),
  iat: zNumericDate,
  nbf: zNumericDate,
  exp: zNumericDate,
  [SESSION_CLAIM]: zSession,
});

/** The parsed payload of a session JWT. Numeric dates are Unix seconds, timestamps RFC 3339 in UTC. */
export type SessionClaims = z.output<typeof zSessionClaims>;

/** One entry of a session's `authentication_factors`. */
export type AuthenticationFactor = z.output<typeof zAuthenticationFactor>;
