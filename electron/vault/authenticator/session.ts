import type { z } from "zod";
import { type SessionClaims, zSessionClaims } from "#core/security/session-claims.ts";
import { AuthenticatorError } from "./errors.ts";
import type { zAuthenticated, zUser } from "./responses.ts";

export type Metadata = Readonly<Record<string, z.core.util.JSONType>>;

/** What the authenticator keeps about the person. */
export interface AuthenticatorUser {
  readonly userId: string;
  readonly emails: readonly {
    readonly emailId: string;
    readonly address: string;
    readonly verified: boolean;
  }[];
  readonly authenticatorApps: readonly { readonly totpId: string; readonly verified: boolean }[];
  /** What the wallet keeps at the authenticator; only a session of this user reads it. */
  readonly metadata: Metadata;
}

/** A log-in. Token and JWT are bearer secrets: they stay in this process. */
export interface AuthenticatorSession {
  readonly sessionId: string;
  readonly token: string;
  /** Verifies for five minutes; get a new one with `refreshSession`. */
  readonly jwt: string;
  /** What the JWT says. It came from the authenticator itself, but its signature is the gate's to check. */
  readonly claims: SessionClaims;
  /** When the session itself ends, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly user: AuthenticatorUser;
}

export function toUser(user: z.output<typeof zUser>): AuthenticatorUser {
  return {
    userId: user.user_id,
    emails: user.emails.map(({ email_id, email, verified }) => ({
      emailId: email_id,
      address: email,
      verified,
    })),
    authenticatorApps: user.totps.map(({ totp_id, verified }) => ({ totpId: totp_id, verified })),
    metadata: user.untrusted_metadata ?? {},
  };
}

/** @throws AuthenticatorError when the JWT is not the session's it came with. */
export function toSession(answer: z.output<typeof zAuthenticated>): AuthenticatorSession {
  const claims = readClaims(answer.session_jwt);
  if (claims.sub !== answer.user_id || answer.user.user_id !== answer.user_id) {
    throw new AuthenticatorError("authenticator-unexpected", new Error("user, session and JWT do not agree"));
  }
  return {
    sessionId: answer.session.session_id,
    token: answer.session_token,
    jwt: answer.session_jwt,
    claims,
    expiresAt: Date.parse(answer.session.expires_at),
    user: toUser(answer.user),
  };
}

function readClaims(jwt: string): SessionClaims {
  try {
    const payload = Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8");
    return zSessionClaims.parse(JSON.parse(payload));
  } catch {
    throw new AuthenticatorError("authenticator-unexpected", new Error("the session JWT's claims"));
  }
}
