/**
 * Factors: what the person proved to the authenticator, as the gate and the factor registry name them.
 *
 * To add a factor: add its type to `FACTOR_TYPES` and say in `RECOGNISERS` how it looks in a session and which id the
 * authenticator gives it; describe its object in session-claims.ts.
 *
 * Recovery codes are no factor: they let a person replace a lost authenticator app at the authenticator, and nothing
 * else.
 */
import { keccak256, stringToBytes } from "viem/utils";
import { z } from "zod";
import { type Address, zAddress } from "../primitives/address.ts";
import { type FactorId, zFactorId } from "../primitives/hex.ts";
import { type AuthenticationFactor, SESSION_CLAIM, type SessionClaims } from "./session-claims.ts";

export const FACTOR_TYPES = ["email", "sms", "totp", "passkey", "password", "oauth"] as const;

/**
 * The kind of a factor: `email` and `sms` are codes sent there, `totp` an authenticator app, `passkey` a WebAuthn
 * credential, `oauth` a social login.
 */
export type FactorType = (typeof FACTOR_TYPES)[number];

export const zFactorType = z.enum(FACTOR_TYPES);

/** What a factor id commits to. */
export interface FactorIdentity {
  /** The authenticator, as in the JWT's `iss`. */
  readonly issuer: string;
  /** The user at that authenticator, as in the JWT's `sub`. */
  readonly sub: string;
  readonly type: FactorType;
  /** The authenticator's id of this factor, e.g. `email_id`; for a password `PASSWORD_ID`. */
  readonly id: string;
}

/** A factor that a session proved. */
export interface ProvenFactor {
  readonly type: FactorType;
  /** The authenticator's id of this factor, e.g. `email_id`; for a password `PASSWORD_ID`. */
  readonly id: string;
  /** The id stored in the factor registry. */
  readonly factorId: FactorId;
  /**
   * When the person last proved this factor, in Unix seconds. The only measure of freshness: a session lives for
   * up to 366 days and its refreshed JWTs are young over old factors.
   */
  readonly lastAuthenticatedAt: number;
}

/**
 * The id of the password. The authenticator names none in its session, and it needs none: a user has one password at
 * most, and user and issuer are part of the factor id. It stays the same when the password changes: whoever can reset
 * the password (the mailbox suffices) holds this factor.
 */
export const PASSWORD_ID = "password";

/** The social logins that count, by delivery method, with the claim that identifies each. */
const OAUTH_CLAIMS = {
  oauth_apple: "apple_oauth_factor",
  oauth_github: "github_oauth_factor",
  oauth_google: "google_oauth_factor",
  oauth_microsoft: "microsoft_oauth_factor",
} as const;

type OAuthDeliveryMethod = keyof typeof OAUTH_CLAIMS;

function isOAuthDeliveryMethod(text: string): text is OAuthDeliveryMethod {
  return Object.hasOwn(OAUTH_CLAIMS, text);
}

const isA = (factor: AuthenticationFactor, type: string, deliveryMethod: string): boolean =>
  factor.type === type && factor.delivery_method === deliveryMethod;

/** The authenticator's id of a factor, if the entry is of this type and names one. */
type Recogniser = (entry: AuthenticationFactor) => string | undefined;

const RECOGNISERS: Record<FactorType, Recogniser> = {
  email: (entry) => (isA(entry, "otp", "email") ? entry.email_factor?.email_id : undefined),
  sms: (entry) => (isA(entry, "otp", "sms") ? entry.phone_number_factor?.phone_id : undefined),
  totp: (entry) =>
    isA(entry, "totp", "authenticator_app") ? entry.authenticator_app_factor?.totp_id : undefined,
  passkey: (entry) =>
    isA(entry, "webauthn", "webauthn_registration")
      ? entry.webauthn_factor?.webauthn_registration_id
      : undefined,
  password: (entry) => (isA(entry, "password", "knowledge") ? PASSWORD_ID : undefined),
  oauth: (entry) =>
    entry.type === "oauth" && isOAuthDeliveryMethod(entry.delivery_method)
      ? entry[OAUTH_CLAIMS[entry.delivery_method]]?.id
      : undefined,
};

const SEPARATOR = "|";

/**
 * The id under which the factor registry stores a factor: keccak256(utf8("issuer|sub|type|id")).
 *
 * @throws RangeError when a part is empty or contains the separator, because two different factors could then
 *   share one id.
 */
export function factorId({ issuer, sub, type, id }: FactorIdentity): FactorId {
  const parts = [issuer, sub, type, id];
  for (const part of parts) {
    if (part === "" || part.includes(SEPARATOR)) {
      throw new RangeError(`A factor id is made of non-empty parts without "${SEPARATOR}"; got "${part}".`);
    }
  }
  return zFactorId.parse(keccak256(stringToBytes(parts.join(SEPARATOR))));
}

/**
 * The factors that a session proved, in the order of the session, one entry per factor with its latest proof.
 * Entries of unknown kinds, without an id or without a time of proof are left out: they count for nothing.
 */
export function listFactors(claims: SessionClaims): ProvenFactor[] {
  const proven = new Map<FactorId, ProvenFactor>();
  for (const entry of claims[SESSION_CLAIM].authentication_factors) {
    const factor = recognise(entry, claims);
    if (factor === undefined) continue;
    const known = proven.get(factor.factorId);
    if (known === undefined || known.lastAuthenticatedAt < factor.lastAuthenticatedAt) {
      proven.set(factor.factorId, factor);
    }
  }
  return [...proven.values()];
}

function recognise(entry: AuthenticationFactor, claims: SessionClaims): ProvenFactor | undefined {
  if (entry.last_authenticated_at === undefined) return undefined;
  for (const type of FACTOR_TYPES) {
    const id = RECOGNISERS[type](entry);
    if (id === undefined) continue;
    return {
      type,
      id,
      factorId: factorId({ issuer: claims.iss, sub: claims.sub, type, id }),
      lastAuthenticatedAt: toSeconds(entry.last_authenticated_at),
    };
  }
  return undefined;
}

/** A wallet whose signature the authenticator checked. */
export interface ProvenWallet {
  readonly address: Address;
  /** Unix seconds. */
  readonly lastAuthenticatedAt: number;
}

/**
 * The Ethereum wallets that a session proved, each with its latest proof. They are not among the factors: what a
 * wallet signs, the gate can check by itself.
 */
export function listWallets(claims: SessionClaims): ProvenWallet[] {
  const proven = new Map<Address, ProvenWallet>();
  for (const entry of claims[SESSION_CLAIM].authentication_factors) {
    const wallet = entry.crypto_wallet_factor;
    if (!isA(entry, "crypto", "crypto_wallet") || wallet?.crypto_wallet_type !== "ethereum") continue;
    const parsed = zAddress.safeParse(wallet.crypto_wallet_address);
    if (!parsed.success || entry.last_authenticated_at === undefined) continue;
    const lastAuthenticatedAt = toSeconds(entry.last_authenticated_at);
    const known = proven.get(parsed.data);
    if (known === undefined || known.lastAuthenticatedAt < lastAuthenticatedAt) {
      proven.set(parsed.data, { address: parsed.data, lastAuthenticatedAt });
    }
  }
  return [...proven.values()];
}

const toSeconds = (timestamp: string): number => Math.floor(Date.parse(timestamp) / 1000);
