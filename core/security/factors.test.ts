import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEVNET_AUTHENTICATOR } from "./devnet-authenticator.ts";
import { factorId, listFactors } from "./factors.ts";
import { SESSION_CLAIM, type SessionClaims, zSessionClaims } from "./session-claims.ts";

const email = {
  type: "otp",
  delivery_method: "email",
  last_authenticated_at: "2026-11-20T10:00:00Z",
  email_factor: { email_id: "email-test-1", email_address: "ada@example.com" },
};
const totp = {
  type: "totp",
  delivery_method: "authenticator_app",
  last_authenticated_at: "2026-11-20T10:01:00Z",
  authenticator_app_factor: { totp_id: "totp-test-1" },
};

function claims(...authenticationFactors: object[]): SessionClaims {
  return zSessionClaims.parse({
    iss: "authenticator.example/project-1",
    aud: ["project-1"],
    sub: "user-test-1",
    iat: 1_795_000_000,
    nbf: 1_795_000_000,
    exp: 1_795_000_300,
    [SESSION_CLAIM]: {
      id: "session-test-1",
      started_at: "2026-11-20T10:00:00Z",
      last_accessed_at: "2026-11-20T10:01:00Z",
      expires_at: "2026-11-21T10:00:00Z",
      attributes: { ip_address: "127.0.0.1", user_agent: "test" },
      authentication_factors: authenticationFactors,
    },
  });
}

describe("factorId", () => {
  test("is keccak256 of the four parts joined by a bar", () => {
    // Computed with js-sha3, an implementation of its own.
    expect(
      factorId({
        issuer: "authenticator.example/project-1",
        sub: "user-test-1",
        type: "email",
        id: "email-test-1",
      }),
    ).toBe("0xac5f0aabac94ab556f5f39b822832f8d26b84b08abb7779556d80d2a0eb55362");
  });

  test("differs whenever any part differs", () => {
    const part = fc.string({ minLength: 1 }).filter((text) => !text.includes("|"));
    const identity = fc.record({
      issuer: part,
      sub: part,
      type: fc.constantFrom("email" as const, "totp" as const),
      id: part,
    });
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const same = a.issuer === b.issuer && a.sub === b.sub && a.type === b.type && a.id === b.id;
        expect(factorId(a) === factorId(b)).toBe(same);
      }),
    );
  });

  test.each(["issuer", "sub", "id"] as const)("refuses an empty or ambiguous %s", (field) => {
    const identity = { issuer: "i", sub: "s", type: "email", id: "e" } as const;
    expect(() => factorId({ ...identity, [field]: "" })).toThrow(RangeError);
    expect(() => factorId({ ...identity, [field]: "a|b" })).toThrow(RangeError);
  });
});

describe("listFactors", () => {
  test("names email and authenticator app with their ids and times of proof", () => {
    const listed = listFactors(claims(email, totp));
    expect(listed.map(({ type, id, lastAuthenticatedAt }) => ({ type, id, lastAuthenticatedAt }))).toEqual([
      { type: "email", id: "email-test-1", lastAuthenticatedAt: Date.UTC(2026, 10, 20, 10, 0) / 1000 },
      { type: "totp", id: "totp-test-1", lastAuthenticatedAt: Date.UTC(2026, 10, 20, 10, 1) / 1000 },
    ]);
    expect(listed[1]?.factorId).toBe(
      factorId({
        issuer: "authenticator.example/project-1",
        sub: "user-test-1",
        type: "totp",
        id: "totp-test-1",
      }),
    );
  });

  test("keeps the latest proof when one factor appears twice, in either order", () => {
    const later = { ...email, last_authenticated_at: "2026-11-20T12:00:00Z" };
    for (const session of [claims(email, later), claims(later, email)]) {
      expect(listFactors(session)).toMatchObject([
        { lastAuthenticatedAt: Date.UTC(2026, 10, 20, 12) / 1000 },
      ]);
    }
  });

  test.each([
    ["a recovery code", { ...totp, type: "recovery_codes", delivery_method: "recovery_code" }],
    ["a magic link to the same mailbox", { ...email, type: "magic_link" }],
    ["a code sent by WhatsApp", { ...email, delivery_method: "whatsapp" }],
    ["an email code that names no mailbox", { ...email, email_factor: undefined }],
    ["a proof without a time", { ...email, last_authenticated_at: undefined }],
    ["an app factor dressed as an email code", { ...totp, type: "otp", delivery_method: "email" }],
  ])("counts %s for nothing", (_, factor) => {
    expect(listFactors(claims(factor))).toEqual([]);
  });
});

describe("zSessionClaims", () => {
  test("keeps claims and factors of kinds it does not know", () => {
    const passkey = {
      type: "webauthn",
      delivery_method: "webauthn_registration",
      webauthn_factor: { domain: "x" },
    };
    expect(claims(passkey)[SESSION_CLAIM].authentication_factors).toEqual([passkey]);
  });

  test.each([
    ["no audience", { aud: [] }],
    ["a bare string as audience", { aud: "project-1" }],
    ["no subject", { sub: "" }],
    ["a fractional expiry", { exp: 1.5 }],
    ["no session", { [SESSION_CLAIM]: undefined }],
  ])("refuses a payload with %s", (_, change) => {
    expect(zSessionClaims.safeParse({ ...claims(email), ...change }).success).toBe(false);
  });

  test("refuses a time that is not RFC 3339", () => {
    expect(() => claims({ ...email, last_authenticated_at: "yesterday" })).toThrow();
  });
});

describe("DEVNET_AUTHENTICATOR", () => {
  test("never claims to be Stytch", () => {
    expect(DEVNET_AUTHENTICATOR.issuer).not.toContain("stytch");
    expect(new URL(DEVNET_AUTHENTICATOR.jwksUrl).hostname).toMatch(/\.test$/);
  });
});
