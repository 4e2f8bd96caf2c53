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
  readonly phones: readonly {
    readonly phoneId: string;
    /** E.164. */
    readonly number: string;
    readonly verified: boolean;
  }[];
  readonly authenticatorApps: readonly { readonly totpId: string; readonly verified: boolean }[];
  readonly passkeys: readonly {
    readonly registrationId: string;
    readonly domain: string;
    /** As its owner called it; empty when he did not. */
    readonly name: string;
    readonly verified: boolean;
  }[];
  readonly password: { readonly passwordId: string; readonly requiresReset: boolean } | undefined;
  readonly logins: readonly {
    readonly registrationId: string;
    /** As people know it, e.g. Google. */
    readonly provider: string;
    readonly subject: string;
  }[];
  readonly wallets: readonly {
    readonly walletId: string;
    readonly address: string;
    readonly verified: boolean;
  }[];
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
    phones: user.phone_numbers.map(({ phone_id, phone_number, verified }) => ({
      phoneId: phone_id,
      number: phone_number,
      verified,
    })),
    authenticatorApps: user.totps.map(({ totp_id, verified }) => ({ totpId: totp_id, verified })),
    passkeys: user.webauthn_registrations.map((passkey) => ({
      registrationId: passkey.webauthn_registration_id,
      domain: passkey.domain,
      name: passkey.name ?? "",
      verified: passkey.verified,
    })),
    password: user.password
      ? { passwordId: user.password.password_id, requiresReset: user.password.requires_reset }
      : undefined,
    logins: user.providers.map((login) => ({
      registrationId: login.oauth_user_registration_id,
      provider: login.provider_type,
      subject: login.provider_subject,
    })),
    wallets: user.crypto_wallets
      .filter(({ crypto_wallet_type }) => crypto_wallet_type === "ethereum")
      .map((wallet) => ({
        walletId: wallet.crypto_wallet_id,
        address: wallet.crypto_wallet_address,
        verified: wallet.verified,
      })),
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
