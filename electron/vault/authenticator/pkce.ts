import { createHash, randomBytes } from "node:crypto";

/** Proof Key for Code Exchange (RFC 7636), method S256. */
export interface Pkce {
  /** Stays in this process until the token is redeemed. */
  readonly verifier: string;
  /** Travels with the request. */
  readonly challenge: string;
}

/** A new verifier of 256 random bits and its challenge. */
export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier, "ascii").digest("base64url") };
}
