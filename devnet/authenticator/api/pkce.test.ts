import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkPkce, zCodeChallenge, zCodeVerifier } from "./pkce.ts";

// RFC 7636, appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const verifier = fc.stringMatching(/^[A-Za-z0-9._~-]{43,128}$/);

test("the verifier of RFC 7636 opens its challenge, and no other does", () => {
  expect(() => checkPkce(CHALLENGE, VERIFIER)).not.toThrow();
  fc.assert(
    fc.property(verifier, verifier, (one, other) => {
      const challenge = createHash("sha256").update(one).digest("base64url");
      expect(zCodeChallenge.parse(challenge)).toBe(challenge);
      expect(zCodeVerifier.parse(one)).toBe(one);
      expect(() => checkPkce(challenge, one)).not.toThrow();
      if (one !== other) expect(() => checkPkce(challenge, other)).toThrow(/does not belong/);
    }),
  );
});

test("whatever else is sent is neither a challenge nor a verifier", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 140 }), (text) => {
      expect(zCodeVerifier.safeParse(text).success).toBe(/^[A-Za-z0-9._~-]{43,128}$/.test(text));
      expect(zCodeChallenge.safeParse(text).success).toBe(/^[A-Za-z0-9_-]{43}$/.test(text));
    }),
  );
  for (const text of [VERIFIER.slice(1), `${VERIFIER}\n`, "a".repeat(129), ` ${VERIFIER}`]) {
    expect(zCodeVerifier.safeParse(text).success).toBe(false);
  }
});
