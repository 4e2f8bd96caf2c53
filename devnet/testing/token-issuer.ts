import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { hardhat } from "viem/chains";
import type { Address } from "#core/primitives/address.ts";
import type { FactorId } from "#core/primitives/hex.ts";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { FACTOR_TYPES, type FactorType, PASSWORD_ID } from "#core/security/factors.ts";
import { type OpenedRecord, recordEntries, type RecordFactor } from "#core/security/opened-record.ts";
import { SESSION_CLAIM } from "#core/security/session-claims.ts";
import { createLoopbackApp, listenOnLoopback, type LoopbackServer } from "../http/loopback.ts";

const { issuer, projectId } = DEVNET_AUTHENTICATOR;

/** Somebody with every kind of factor that the authenticator knows. */
export interface Person {
  readonly sub: string;
  /** The authenticator's id of each factor. */
  readonly ids: Readonly<Record<FactorType, string>>;
}

export const person = (name: string): Person => ({
  sub: `user-test-${name}`,
  ids: {
    email: `email-test-${name}`,
    sms: `phone-number-test-${name}`,
    totp: `totp-test-${name}`,
    passkey: `webauthn-registration-test-${name}`,
    password: PASSWORD_ID,
    oauth: `oauth-test-${name}`,
  },
});

/** A person's record for an account, with these of their factors and whatever else it shall hold. */
export const recordOf = (
  { ids }: Person,
  account: Address,
  types: readonly FactorType[] = ["email"],
  more: readonly RecordFactor[] = [],
): OpenedRecord => ({ account, factors: [...types.map((type) => ({ type, id: ids[type] })), ...more] });

/** What the factor registry holds for a person's record. */
export const entriesOf = ({ sub }: Person, record: OpenedRecord): FactorId[] =>
  recordEntries(record, { issuer, sub }, hardhat.id);

export interface TokenOptions {
  /** Seconds since each factor was proven; a factor that is not named was not proven. */
  readonly proven?: Readonly<Partial<Record<FactorType, number>>>;
  /** Seconds since each of these wallets signed at the authenticator. */
  readonly wallets?: Readonly<Record<Address, number>>;
  /** Replaces or, with undefined, removes claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** How a session shows that a factor was proven. */
const SHOWN: Readonly<Record<FactorType, (id: string) => object>> = {
  email: (id) => ({
    type: "otp",
    delivery_method: "email",
    email_factor: { email_id: id, email_address: `${id}@example.com` },
  }),
  sms: (id) => ({
    type: "otp",
    delivery_method: "sms",
    phone_number_factor: { phone_id: id, phone_number: "+15005550006" },
  }),
  totp: (id) => ({
    type: "totp",
    delivery_method: "authenticator_app",
    authenticator_app_factor: { totp_id: id },
  }),
  passkey: (id) => ({
    type: "webauthn",
    delivery_method: "webauthn_registration",
    webauthn_factor: { webauthn_registration_id: id, domain: "example.com" },
  }),
  password: () => ({ type: "password", delivery_method: "knowledge" }),
  oauth: (id) => ({
    type: "oauth",
    delivery_method: "oauth_google",
    google_oauth_factor: { id, provider_subject: "1" },
  }),
};

const shownWallet = (address: string): object => ({
  type: "crypto",
  delivery_method: "crypto_wallet",
  crypto_wallet_factor: {
    crypto_wallet_id: `crypto-wallet-test-${address}`,
    crypto_wallet_address: address,
    crypto_wallet_type: "ethereum",
  },
});

const timestamp = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** The claims of a person's session now, as an authenticator that signs anything would write them. */
export function sessionClaims(
  { sub, ids }: Person,
  { proven = { email: 0 }, wallets = {}, claims = {} }: TokenOptions = {},
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const provenAt = (age: number) => ({ last_authenticated_at: timestamp(now - age) });
  const factors = [
    ...FACTOR_TYPES.flatMap((type) => {
      const age = proven[type];
      return age === undefined ? [] : [{ ...SHOWN[type](ids[type]), ...provenAt(age) }];
    }),
    ...Object.entries(wallets).map(([address, age]) => ({ ...shownWallet(address), ...provenAt(age) })),
  ];
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
  claims(who: Person, options: TokenOptions = {}): Record<string, unknown> {
    return sessionClaims(who, options);
  }

  /** A person's session JWT, properly signed. */
  async token(who: Person, options: TokenOptions = {}): Promise<string> {
    return new SignJWT(this.claims(who, options))
      .setProtectedHeader({ alg: "RS256", kid: "key-1", typ: "JWT", ...options.header })
      .sign(this.privateKey);
  }
}
