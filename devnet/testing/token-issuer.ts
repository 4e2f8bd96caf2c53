import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { FactorId } from "#core/primitives/hex.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { factorId } from "#core/security/factors.ts";
import { SESSION_CLAIM } from "#core/security/session-claims.ts";
import { createLoopbackApp, listenOnLoopback, type LoopbackServer } from "../http/loopback.ts";

const { issuer, projectId } = DEVNET_AUTHENTICATOR;

/** Somebody with an email code and an authenticator app. */
export interface Person {
  readonly sub: string;
  readonly emailId: string;
  readonly totpId: string;
}

export const person = (name: string): Person => ({
  sub: `user-test-${name}`,
  emailId: `email-test-${name}`,
  totpId: `totp-test-${name}`,
});

/** The ids under which the factor registry knows a person's factors. */
export const factorsOf = ({ sub, emailId, totpId }: Person): { email: FactorId; totp: FactorId } => ({
  email: factorId({ issuer, sub, type: "email", id: emailId }),
  totp: factorId({ issuer, sub, type: "totp", id: totpId }),
});

export interface TokenOptions {
  /** Seconds since each factor was proven; a factor that is not named was not proven. */
  readonly proven?: { readonly email?: number; readonly totp?: number };
  /** Replaces or, with undefined, removes claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

const timestamp = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/**
 * An authenticator that says whatever a test wants, also what a real one never would: it has a signing key, publishes
 * it where the devnet's authenticator does, and signs any claims.
 */
export class TokenIssuer {
  readonly privateKey: CryptoKey;
  /** The published key as PEM-free JWK; what a forger would use as an HMAC secret. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly #server: LoopbackServer;

  private constructor(privateKey: CryptoKey, publicJwk: Record<string, unknown>, server: LoopbackServer) {
    this.privateKey = privateKey;
    this.publicJwk = publicJwk;
    this.#server = server;
  }

  static async start(): Promise<TokenIssuer> {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const publicJwk = { ...(await exportJWK(publicKey)), kid: "key-1", alg: "RS256", use: "sig" };
    const app = createLoopbackApp();
    app.get(`/v1/sessions/jwks/${projectId}`, (context) => context.json({ keys: [publicJwk] }));
    return new TokenIssuer(privateKey, publicJwk, await listenOnLoopback(app, 0));
  }

  /** `127.0.0.1:port`. */
  get address(): string {
    return `127.0.0.1:${this.#server.port}`;
  }

  async stop(): Promise<void> {
    await this.#server.close();
  }

  /** The claims of a person's session now. */
  claims(
    { sub, emailId, totpId }: Person,
    { proven = { email: 0 }, claims = {} }: TokenOptions = {},
  ): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    const factors = [
      proven.email !== undefined && {
        type: "otp",
        delivery_method: "email",
        last_authenticated_at: timestamp(now - proven.email),
        email_factor: { email_id: emailId, email_address: `${sub}@example.com` },
      },
      proven.totp !== undefined && {
        type: "totp",
        delivery_method: "authenticator_app",
        last_authenticated_at: timestamp(now - proven.totp),
        authenticator_app_factor: { totp_id: totpId },
      },
    ].filter((factor) => factor !== false);
    return {
      iss: issuer,
      aud: [projectId],
      sub,
      iat: now,
      nbf: now,
      exp: now + 300,
      [SESSION_CLAIM]: {
        id: "session-test-1",
        started_at: timestamp(now - 3600),
        last_accessed_at: timestamp(now),
        expires_at: timestamp(now + 3600),
        attributes: { ip_address: "127.0.0.1", user_agent: "test" },
        authentication_factors: factors,
      },
      ...claims,
    };
  }

  /** A person's session JWT, properly signed. */
  async token(who: Person, options: TokenOptions = {}): Promise<string> {
    return new SignJWT(this.claims(who, options))
      .setProtectedHeader({ alg: "RS256", kid: "key-1", typ: "JWT", ...options.header })
      .sign(this.privateKey);
  }
}
