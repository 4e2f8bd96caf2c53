/**
 * Factors: what the person proved to the authenticator, as the gate and the factor registry name them.
 *
 * To add a factor (SMS, passkey, password, OAuth, wallet signature): add its type to `FACTOR_TYPES` and say in
 * `RECOGNISERS` how it looks in a session and which id the authenticator gives it; describe its object in
 * session-claims.ts.
 */
import { keccak256, stringToBytes } from "viem/utils";
import { z } from "zod";
import { type FactorId, zFactorId } from "../primitives/hex.ts";
import { type AuthenticationFactor, SESSION_CLAIM, type SessionClaims } from "./session-claims.ts";

export const FACTOR_TYPES = ["email", "totp"] as const;

/** The kind of a factor: `email` is a code sent by email, `totp` an authenticator app. */
export type FactorType = (typeof FACTOR_TYPES)[number];

export const zFactorType = z.enum(FACTOR_TYPES);

/** What a factor id commits to. */
export interface FactorIdentity {
  /** The authenticator, as in the JWT's `iss`. */
  readonly issuer: string;
  /** The user at that authenticator, as in the JWT's `sub`. */
  readonly sub: string;
  readonly type: FactorType;
  /** The authenticator's id of this factor: `email_id` or `totp_id`. */
  readonly id: string;
}

/** A factor that a session proved. */
export interface ProvenFactor {
  readonly type: FactorType;
  /** The authenticator's id of this factor: `email_id` or `totp_id`. */
  readonly id: string;
  /** The id stored in the factor registry. */
  readonly factorId: FactorId;
  /**
   * When the person last proved this factor, in Unix seconds. The only measure of freshness: a session lives for
   * up to 366 days and its refreshed JWTs are young over old factors.
   */
  readonly lastAuthenticatedAt: number;
}

interface Recogniser {
  readonly type: string;
  readonly deliveryMethod: string;
  readonly id: (factor: AuthenticationFactor) => string | undefined;
}

const RECOGNISERS: Record<FactorType, Recogniser> = {
  email: { type: "otp", deliveryMethod: "email", id: (factor) => factor.email_factor?.email_id },
  totp: {
    type: "totp",
    deliveryMethod: "authenticator_app",
    id: (factor) => factor.authenticator_app_factor?.totp_id,
  },
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
    const recogniser = RECOGNISERS[type];
    if (entry.type !== recogniser.type || entry.delivery_method !== recogniser.deliveryMethod) continue;
    const id = recogniser.id(entry);
    if (id === undefined) continue;
    return {
      type,
      id,
      factorId: factorId({ issuer: claims.iss, sub: claims.sub, type, id }),
      lastAuthenticatedAt: Math.floor(Date.parse(entry.last_authenticated_at) / 1000),
    };
  }
  return undefined;
}
