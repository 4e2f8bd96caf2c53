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

/**
 * One entry of `authentication_factors`. Entries of kinds this version does not know must not make a session
 * unreadable, so the kind is open and only the identifying objects of known kinds are described.
 */
export const zAuthenticationFactor = z.looseObject({
  type: z.string(),
  delivery_method: z.string(),
  last_authenticated_at: zTimestamp.optional(),
  email_factor: z.looseObject({ email_id: z.string().min(1), email_address: z.string().min(1) }).optional(),
  authenticator_app_factor: z.looseObject({ totp_id: z.string().min(1) }).optional(),
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
