import { base64urlnopad } from "@scure/base";
import { z } from "zod";
import { GateRefusal } from "#core/security/gate-reasons.ts";
import { CLOCK_SKEW_SECONDS } from "#core/security/clock-skew.ts";
import { type SessionClaims, zSessionClaims } from "#core/security/session-claims.ts";

/** Who must have made a session JWT, and for whom. */
export interface JwtPins {
  readonly issuer: string;
  readonly audience: string;
}

/** A JWT taken apart. Nothing in it is proven yet. */
export interface UnverifiedJwt {
  readonly keyId: string;
  readonly claims: unknown;
  readonly signedBytes: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** `crit` names extensions that must be understood (RFC 7515, 4.1.11); the gate understands none. */
const zHeader = z.object({ alg: z.string(), kid: z.string().min(1), crit: z.never().optional() });

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const zRsaKey = z.object({
  kty: z.literal("RSA"),
  kid: z.string(),
  /** At least 2048 bits: 342 digits of 6 bits. */
  n: base64url.min(342),
  e: z.literal("AQAB"),
  alg: z.literal("RS256").optional(),
  use: z.literal("sig").optional(),
});
type RsaKey = z.output<typeof zRsaKey>;

/** A key set (RFC 7517); keys that the gate cannot use are skipped, as the RFC asks. */
const zKeySet = z.object({
  keys: z
    .array(z.unknown())
    .max(32)
    .transform((keys) => keys.flatMap((key) => zRsaKey.safeParse(key).data ?? [])),
});

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

function decodeJson(part: string): unknown {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64urlnopad.decode(part)));
}

/** Takes a JWT apart. Refuses what cannot be read, and every algorithm but RS256. */
export function readJwt(jwt: string): UnverifiedJwt {
  let algorithm: string;
  let unverified: UnverifiedJwt;
  try {
    const [header = "", claims = "", signature = "", ...more] = jwt.split(".");
    if (more.length > 0) throw new Error("a JWT has three parts");
    const { alg, kid } = zHeader.parse(decodeJson(header));
    algorithm = alg;
    unverified = {
      keyId: kid,
      claims: decodeJson(claims),
      signedBytes: new TextEncoder().encode(`${header}.${claims}`),
      signature: Uint8Array.from(base64urlnopad.decode(signature)),
    };
  } catch (cause) {
    throw new GateRefusal("token-malformed", { cause });
  }
  if (algorithm !== "RS256") throw new GateRefusal("token-algorithm");
  return unverified;
}

function findKey(keySet: unknown, keyId: string): RsaKey {
  const parsed = zKeySet.safeParse(keySet);
  if (!parsed.success) throw new GateRefusal("authenticator-unreachable", { cause: parsed.error });
  const key = parsed.data.keys.find(({ kid }) => kid === keyId);
  if (!key) throw new GateRefusal("token-key-unknown");
  return key;
}

async function isSignedBy({ kty, n, e }: RsaKey, jwt: UnverifiedJwt): Promise<boolean> {
  const key = await crypto.subtle.importKey("jwk", { kty, n, e }, RS256, false, ["verify"]);
  return crypto.subtle.verify(RS256, key, jwt.signature, jwt.signedBytes);
}

/**
 * Verifies a session JWT: signed by a key of the authenticator's key set, from the pinned issuer, for the pinned
 * audience, within its time.
 * @param keySet the authenticator's key set as it was fetched
 * @param now Unix seconds
 */
export async function verifyJwt(
  jwt: UnverifiedJwt,
  keySet: unknown,
  pins: JwtPins,
  now: number,
): Promise<SessionClaims> {
  if (!(await isSignedBy(findKey(keySet, jwt.keyId), jwt))) throw new GateRefusal("token-signature");

  const parsed = zSessionClaims.safeParse(jwt.claims);
  if (!parsed.success) throw new GateRefusal("token-malformed", { cause: parsed.error });
  const claims = parsed.data;
  if (claims.iss !== pins.issuer) throw new GateRefusal("token-issuer");
  if (!claims.aud.includes(pins.audience)) throw new GateRefusal("token-audience");
  if (claims.exp <= now) throw new GateRefusal("token-expired");
  if (Math.max(claims.nbf, claims.iat) > now + CLOCK_SKEW_SECONDS) {
    throw new GateRefusal("token-not-yet-valid");
  }
  return claims;
}
