/** Proof Key for Code Exchange (RFC 7636), method S256. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { equalInConstantTime } from "../factors/compare.ts";
import { ApiError } from "./errors.ts";
import { orError } from "./fields.ts";

/** Base64url of a SHA-256 hash. */
export const zCodeChallenge = z
  .string(orError("invalid_pkce_code_challenge"))
  .regex(/^[A-Za-z0-9_-]{43}$/, orError("invalid_pkce_code_challenge"));

export const zCodeVerifier = z
  .string(orError("invalid_pkce_code_verifier"))
  .regex(/^[A-Za-z0-9._~-]{43,128}$/, orError("invalid_pkce_code_verifier"));

/**
 * Checks that who redeems a token is who started the flow.
 *
 * @throws ApiError `pkce_mismatch`, `pkce_expected_code_verifier` or `pkce_did_not_expect_code_verifier`
 */
export function checkPkce(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  if (verifier === undefined) throw new ApiError("pkce_expected_code_verifier");
  if (challenge === undefined) throw new ApiError("pkce_did_not_expect_code_verifier");
  const hash = createHash("sha256").update(verifier, "ascii").digest("base64url");
  if (!equalInConstantTime(hash, challenge)) throw new ApiError("pkce_mismatch");
}
