/** The real `stytch` package, unmodified, with the factors beyond email codes and authenticator apps. */
import { createHash } from "node:crypto";
import { Client } from "stytch";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AuthenticatorHarness } from "../testing/harness.ts";
import { SoftPasskey } from "../testing/soft-passkey.ts";

let harness: AuthenticatorHarness;
let stytch: Client;
beforeEach(async () => {
  // The package takes only two issuers: Stytch's own, and the address it was pointed at.
  harness = await AuthenticatorHarness.start({ issuer: (url) => url });
  vi.spyOn(console, "warn").mockImplementation(() => undefined); // It warns of an address that is not Stytch's.
  const { identity, projectSecret, url } = harness.running;
  stytch = new Client({ project_id: identity.projectId, secret: projectSecret, env: `${url}/` });
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";
const PHONE = "+41790000001";
const PASSWORD = "correct horse battery staple 7";
const OTHER = "an entirely different phrase 9";
const MINUTES = { session_duration_minutes: 60 };

const errorType = (type: string): unknown => expect.objectContaining({ error_type: type });

async function logIn() {
  const { email_id } = await stytch.otps.email.loginOrCreate({ email: EMAIL });
  return stytch.otps.authenticate({
    method_id: email_id,
    code: await harness.codeFor(EMAIL),
    ...MINUTES,
  });
}

/** The factors that the package itself reads from a session JWT, having checked it. */
async function factorsOf(session_jwt: string) {
  const session = await stytch.sessions.authenticateJwtLocal({ session_jwt });
  return session.authentication_factors;
}

describe("the stytch package", () => {
  test("logs in with an SMS, adds a phone to a user and removes it", async () => {
    const { user_id, session_token } = await logIn();
    const { phone_id } = await stytch.otps.sms.send({ phone_number: PHONE, user_id });
    const proved = await stytch.otps.authenticate({
      method_id: phone_id,
      code: await harness.smsFor(PHONE),
      session_token,
      ...MINUTES,
    });
    expect(proved.user.phone_numbers).toEqual([{ phone_id, phone_number: PHONE, verified: true }]);
    expect(await factorsOf(proved.session_jwt)).toMatchObject([
      { type: "otp", delivery_method: "email" },
      { type: "otp", delivery_method: "sms", phone_number_factor: { phone_id, phone_number: PHONE } },
    ]);
    const sent = await stytch.otps.sms.loginOrCreate({ phone_number: PHONE });
    expect(sent).toMatchObject({ user_id, phone_id, user_created: false });
    const other = await stytch.otps.sms.send({ phone_number: "+41790000002" });
    expect(other.user_id).not.toBe(user_id);
    const removed = await stytch.users.deletePhoneNumber({ phone_id });
    expect(removed.user.phone_numbers).toEqual([]);
    await expect(stytch.otps.sms.loginOrCreate({ phone_number: "079" })).rejects.toEqual(
      errorType("invalid_phone_number"),
    );
  });

  test("creates, proves, changes, resets and removes a password", async () => {
    const created = await stytch.passwords.create({ email: EMAIL, password: PASSWORD, ...MINUTES });
    expect(created.user.emails).toMatchObject([{ email: EMAIL, verified: false }]);
    const proved = await stytch.passwords.authenticate({ email: EMAIL, password: PASSWORD, ...MINUTES });
    expect(await factorsOf(proved.session_jwt)).toMatchObject([
      { type: "password", delivery_method: "knowledge" },
    ]);
    await expect(stytch.passwords.authenticate({ email: EMAIL, password: OTHER })).rejects.toEqual(
      errorType("unauthorized_credentials"),
    );
    await expect(stytch.passwords.create({ email: EMAIL, password: OTHER })).rejects.toEqual(
      errorType("duplicate_email"),
    );
    expect(await stytch.passwords.strengthCheck({ password: "password123" })).toMatchObject({
      valid_password: false,
      score: 0,
      strength_policy: "zxcvbn",
    });

    await stytch.passwords.existingPassword.reset({
      email: EMAIL,
      existing_password: PASSWORD,
      new_password: OTHER,
    });
    await stytch.passwords.email.resetStart({ email: EMAIL });
    const reset = await stytch.passwords.email.reset({
      token: await harness.codeFor(EMAIL),
      password: PASSWORD,
      ...MINUTES,
    });
    const again = await stytch.passwords.sessions.reset({
      password: OTHER,
      session_token: reset.session_token,
    });
    expect(again.user.password).toEqual(created.user.password);
    const { password_id } = again.user.password ?? { password_id: "" };
    const removed = await stytch.users.deletePassword({ password_id });
    expect(removed.user.password).toBeNull();
  });

  test("registers a passkey, logs in with it and removes it", async () => {
    const { user_id, session_token } = await logIn();
    const domain = "wallet.example";
    const passkey = new SoftPasskey();
    const start = await stytch.webauthn.registerStart({ user_id, domain });
    const registered = await stytch.webauthn.register({
      user_id,
      public_key_credential: passkey.create(start.public_key_credential_creation_options),
      session_token,
      ...MINUTES,
    });
    const { webauthn_registration_id } = registered;
    expect(await factorsOf(registered.session_jwt)).toMatchObject([
      { type: "otp" },
      {
        type: "webauthn",
        delivery_method: "webauthn_registration",
        webauthn_factor: { webauthn_registration_id, domain },
      },
    ]);
    const anybody = await stytch.webauthn.authenticateStart({ domain });
    expect(JSON.parse(anybody.public_key_credential_request_options)).not.toHaveProperty("allowCredentials");
    const asked = await stytch.webauthn.authenticateStart({ domain, user_id });
    const proved = await stytch.webauthn.authenticate({
      public_key_credential: passkey.get(asked.public_key_credential_request_options),
      ...MINUTES,
    });
    expect(proved).toMatchObject({ user_id, webauthn_registration_id });
    const removed = await stytch.users.deleteWebAuthnRegistration({ webauthn_registration_id });
    expect(removed.user.webauthn_registrations).toEqual([]);
  });

  test("proves a wallet with a Sign-In with Ethereum message and removes it", async () => {
    const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
    const { user_id, session_token } = await logIn();
    const wallet = { crypto_wallet_type: "ethereum", crypto_wallet_address: account.address };
    const { challenge } = await stytch.cryptoWallets.authenticateStart({
      ...wallet,
      user_id,
      siwe_params: { domain: "wallet.example", uri: "https://wallet.example", resources: [] },
    });
    expect(challenge).toContain("wallet.example wants you to sign in with your Ethereum account:");
    const proved = await stytch.cryptoWallets.authenticate({
      ...wallet,
      signature: await account.signMessage({ message: challenge }),
      session_token,
      ...MINUTES,
    });
    const [added] = proved.user.crypto_wallets;
    expect(await factorsOf(proved.session_jwt)).toMatchObject([
      { type: "otp" },
      {
        type: "crypto",
        delivery_method: "crypto_wallet",
        crypto_wallet_factor: { ...wallet, crypto_wallet_id: added?.crypto_wallet_id },
      },
    ]);
    const alone = await stytch.cryptoWallets.authenticateStart(wallet);
    expect(alone).toMatchObject({ user_id, user_created: false });
    const signature = await account.signMessage({ message: alone.challenge });
    expect((await stytch.cryptoWallets.authenticate({ ...wallet, signature })).user_id).toBe(user_id);
    const { crypto_wallet_id } = added ?? { crypto_wallet_id: "" };
    expect((await stytch.users.deleteCryptoWallet({ crypto_wallet_id })).user.crypto_wallets).toEqual([]);
  });

  test("adds a social login to a user, proves it and removes it", async () => {
    const { user_id, session_token } = await logIn();
    const { oauth_attach_token } = await stytch.oauth.attach({ provider: "google", user_id });
    const verifier = "a-code-verifier-of-forty-three-characters-xyz";
    const start = new URL(`${harness.url}/v1/public/oauth/google/start`);
    start.search = new URLSearchParams({
      public_token: harness.running.identity.publicToken,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      login_redirect_url: "http://127.0.0.1:9/login",
      oauth_attach_token,
    }).toString();
    const next = async (url: URL, init: RequestInit = {}) => {
      const response = await fetch(url, { redirect: "manual", ...init });
      return new URL(response.headers.get("location") ?? "", url);
    };
    const provider = await next(start);
    const body = new URLSearchParams({
      state: provider.searchParams.get("state") ?? "",
      email: "ada@gmail.example",
      decision: "continue",
    });
    const back = await next(await next(new URL(provider.pathname, provider), { method: "POST", body }));
    const proved = await stytch.oauth.authenticate({
      token: back.searchParams.get("token") ?? "",
      code_verifier: verifier,
      session_token,
      ...MINUTES,
    });
    expect(proved).toMatchObject({ user_id, provider_type: "Google", user_session: { user_id } });
    const { oauth_user_registration_id, provider_subject } = proved;
    expect(await factorsOf(proved.session_jwt)).toMatchObject([
      { type: "otp" },
      {
        type: "oauth",
        delivery_method: "oauth_google",
        google_oauth_factor: { id: oauth_user_registration_id, provider_subject },
      },
    ]);
    const removed = await stytch.users.deleteOAuthRegistration({ oauth_user_registration_id });
    expect(removed.user.providers).toEqual([]);
  });
});
