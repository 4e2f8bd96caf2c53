import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEVNET_AUTHENTICATOR } from "./devnet-authenticator.ts";
import { factorId, FACTOR_TYPES, listFactors, listWallets, PASSWORD_ID } from "./factors.ts";
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

const at = { last_authenticated_at: "2026-11-20T10:02:00Z" };
const sms = {
  type: "otp",
  delivery_method: "sms",
  ...at,
  phone_number_factor: { phone_id: "phone-number-test-1", phone_number: "+41790000000" },
};
const passkey = {
  type: "webauthn",
  delivery_method: "webauthn_registration",
  ...at,
  webauthn_factor: { webauthn_registration_id: "webauthn-registration-test-1", domain: "wallet" },
};
const password = { type: "password", delivery_method: "knowledge", ...at };
const oauth = (provider: string) => ({
  type: "oauth",
  delivery_method: `oauth_${provider}`,
  ...at,
  [`${provider}_oauth_factor`]: { id: `oauth-user-test-${provider}`, provider_subject: "1" },
});
const wallet = (address: string, time = at.last_authenticated_at) => ({
  type: "crypto",
  delivery_method: "crypto_wallet",
  last_authenticated_at: time,
  crypto_wallet_factor: {
    crypto_wallet_id: "crypto-wallet-test-1",
    crypto_wallet_address: address,
    crypto_wallet_type: "ethereum",
  },
});
const ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"; // From ERC-55.

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
      type: fc.constantFrom(...FACTOR_TYPES),
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
    const wrong = (part: string) =>
      new RangeError(`A factor id is made of non-empty parts without "|"; got "${part}".`);
    expect(() => factorId({ ...identity, [field]: "" })).toThrow(wrong(""));
    expect(() => factorId({ ...identity, [field]: "a|b" })).toThrow(wrong("a|b"));
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

  test("names phone, passkey, password and social logins by the ids the authenticator gave them", () => {
    const logins = ["apple", "github", "google", "microsoft"];
    const listed = listFactors(claims(sms, passkey, password, ...logins.map(oauth)));
    expect(listed.map(({ type, id }) => [type, id])).toEqual([
      ["sms", "phone-number-test-1"],
      ["passkey", "webauthn-registration-test-1"],
      ["password", PASSWORD_ID],
      ...logins.map((provider) => ["oauth", `oauth-user-test-${provider}`]),
    ]);
  });

  test("gives the passwords of two users different ids", () => {
    const [ada] = listFactors(claims(password));
    const [bob] = listFactors({ ...claims(password), sub: "user-test-2" });
    expect(ada?.factorId).not.toBe(bob?.factorId);
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
    ["a social login of a kind it does not know", oauth("tiktok")],
    ["a social login that names another provider", { ...oauth("google"), delivery_method: "oauth_github" }],
    [
      "a social login named like a property of every object",
      { ...oauth("google"), delivery_method: "toString" },
    ],
    ["a password dressed as a code", { ...password, type: "otp" }],
    ["an SMS code that names no number", { ...sms, phone_number_factor: undefined }],
    ["an app factor that names no app", { ...totp, authenticator_app_factor: undefined }],
    ["a social login that is none", { ...oauth("google"), type: "otp" }],
    ["a passkey that names no credential", { ...passkey, webauthn_factor: undefined }],
    ["a wallet", wallet(ADDRESS)],
    ["an app factor dressed as an email code", { ...totp, type: "otp", delivery_method: "email" }],
  ])("counts %s for nothing", (_, factor) => {
    expect(listFactors(claims(factor))).toEqual([]);
  });
});

describe("listWallets", () => {
  test("names each wallet once, checksummed, with its latest proof", () => {
    const later = wallet(ADDRESS, "2026-11-20T12:00:00Z");
    const listed = [{ address: ADDRESS, lastAuthenticatedAt: Date.UTC(2026, 10, 20, 12) / 1000 }];
    expect(listWallets(claims(wallet(ADDRESS.toLowerCase()), later))).toEqual(listed);
    expect(listWallets(claims(later, email, wallet(ADDRESS.toLowerCase())))).toEqual(listed);
  });

  test.each([
    ["no address", wallet("0x12")],
    ["a wrong checksum", wallet(ADDRESS.replace("aA", "Aa"))],
    ["no time of proof", { ...wallet(ADDRESS), last_authenticated_at: undefined }],
    ["another kind of factor", { ...wallet(ADDRESS), type: "otp" }],
    ["no wallet", { ...wallet(ADDRESS), crypto_wallet_factor: undefined }],
    [
      "a wallet of another kind of chain",
      {
        ...wallet(ADDRESS),
        crypto_wallet_factor: { ...wallet(ADDRESS).crypto_wallet_factor, crypto_wallet_type: "solana" },
      },
    ],
  ])("leaves out an entry with %s", (_, entry) => {
    expect(listWallets(claims(entry))).toEqual([]);
  });
});

const biometric = { type: "signature_challenge", delivery_method: "biometric", biometric_factor: { x: 1 } };

describe("zSessionClaims", () => {
  test("keeps claims and factors of kinds it does not know", () => {
    expect(claims(biometric)[SESSION_CLAIM].authentication_factors).toEqual([biometric]);
  });

  test.each([
    ["no audience", { aud: [] }],
    ["a bare string as audience", { aud: "project-1" }],
    ["an empty audience", { aud: [""] }],
    ["no issuer", { iss: "" }],
    ["no subject", { sub: "" }],
    ["a fractional expiry", { exp: 1.5 }],
    ["a time of issue before 1970", { iat: -1 }],
    ["a text for a time", { nbf: "1795000000" }],
    ["no session", { [SESSION_CLAIM]: undefined }],
  ])("refuses a payload with %s", (_, change) => {
    expect(zSessionClaims.safeParse({ ...claims(email), ...change }).success).toBe(false);
  });

  test.each([
    ["without an id", { id: "" }],
    ["that began at no time", { started_at: "yesterday" }],
    ["that was used at no time", { last_accessed_at: "2026-11-20" }],
    ["that ends at no time", { expires_at: undefined }],
    ["from no address", { attributes: { ip_address: 1 } }],
    ["from no program", { attributes: { user_agent: 1 } }],
    ["without a list of factors", { authentication_factors: {} }],
    ["with a factor of no kind", { authentication_factors: [{ ...biometric, type: undefined }] }],
    ["with a factor proven in no way", { authentication_factors: [{ ...biometric, delivery_method: 1 }] }],
  ])("refuses a session %s", (_, change) => {
    const payload = claims(email);
    const session = { ...payload[SESSION_CLAIM], ...change };
    expect(zSessionClaims.safeParse({ ...payload, [SESSION_CLAIM]: session }).success).toBe(false);
  });

  test("reads the session from the claim that Stytch puts it into", () => {
    expect(Object.keys(claims(email))).toContain("https://stytch.com/session");
  });

  test("takes a session that does not say from where it was opened", () => {
    const payload = claims(email);
    const session = { ...payload[SESSION_CLAIM], attributes: {} };
    expect(zSessionClaims.safeParse({ ...payload, [SESSION_CLAIM]: session }).success).toBe(true);
  });

  const walletFactor = wallet(ADDRESS).crypto_wallet_factor;
  test.each<[string, object]>([
    ["time of proof", { last_authenticated_at: "yesterday" }],
    ["mailbox", { email_factor: { email_id: "", email_address: "ada@example.com" } }],
    ["email address", { email_factor: { email_id: "email-test-1", email_address: "" } }],
    ["phone", { phone_number_factor: { phone_id: "", phone_number: "+41790000000" } }],
    ["phone number", { phone_number_factor: { phone_id: "phone-number-test-1" } }],
    ["authenticator app", { authenticator_app_factor: { totp_id: "" } }],
    ["passkey", { webauthn_factor: { webauthn_registration_id: "" } }],
    ["wallet", { crypto_wallet_factor: { ...walletFactor, crypto_wallet_id: "" } }],
    ["wallet's address", { crypto_wallet_factor: { ...walletFactor, crypto_wallet_address: "" } }],
    ["wallet's chain", { crypto_wallet_factor: { ...walletFactor, crypto_wallet_type: undefined } }],
    ["login at Apple", { apple_oauth_factor: { id: "" } }],
    ["login at GitHub", { github_oauth_factor: { id: "" } }],
    ["login at Google", { google_oauth_factor: { id: "" } }],
    ["login at Microsoft", { microsoft_oauth_factor: {} }],
  ])("refuses a factor with a %s that names none", (_, change) => {
    expect(() => claims({ ...email, ...change })).toThrow();
  });
});

describe("DEVNET_AUTHENTICATOR", () => {
  test("never claims to be Stytch", () => {
    expect(DEVNET_AUTHENTICATOR.issuer).not.toContain("stytch");
    expect(DEVNET_AUTHENTICATOR.publicToken).toMatch(/^public-token-test-/);
    expect(DEVNET_AUTHENTICATOR.projectId).toMatch(/^project-test-/);
    expect(DEVNET_AUTHENTICATOR.host).toMatch(/\.test$/);
  });

  test("is found under the host and the project that its issuer names", () => {
    const { issuer, host, projectId, jwksUrl } = DEVNET_AUTHENTICATOR;
    expect(issuer).toBe(`${host}/${projectId}`);
    expect(jwksUrl).toBe(`http://${host}/v1/sessions/jwks/${projectId}`);
  });
});
