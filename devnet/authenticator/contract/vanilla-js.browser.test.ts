/** The real `@stytch/vanilla-js` package, unmodified, in a real Chromium against the devnet's authenticator. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { build } from "esbuild";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { Secret, TOTP } from "otpauth";
import { type Browser, chromium, type Page } from "playwright-core";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { listFactors } from "#core/security/factors.ts";
import { zSessionClaims } from "#core/security/session-claims.ts";
import { addPasskeyProvider } from "../testing/passkey-provider.ts";
import { AuthenticatorHarness } from "../testing/harness.ts";
import type {} from "./page.ts";

const EMAIL = "ada@example.com";

let browser: Browser;
let pages: Server;
let pagesUrl: string;
let pageUrl: string;
let harness: AuthenticatorHarness;
let page: Page;
/** Addresses outside this computer that the page asked for. */
let left: string[];

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [path.join(import.meta.dirname, "page.ts")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
  });
  const script = (bundle.outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
  const html = `<!doctype html><meta charset="utf-8"><script>${script}</script>`;
  pages = createServer((_request, response) => response.setHeader("content-type", "text/html").end(html));
  pages.listen(0, "127.0.0.1");
  await once(pages, "listening");
  const address = pages.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  pagesUrl = `http://127.0.0.1:${address.port}`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});
afterAll(async () => {
  await browser.close();
  pages.closeAllConnections();
  pages.close();
});

beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
  const context = await browser.newContext();
  left = [];
  await context.route("**/*", async (route) => {
    const { hostname } = new URL(route.request().url());
    if (["127.0.0.1", "localhost"].includes(hostname)) return route.continue();
    left.push(hostname);
    return route.abort();
  });
  page = await context.newPage();
  const query = new URLSearchParams({
    authenticator: harness.url,
    project: harness.running.identity.publicToken,
  });
  // Passkeys are given to names only, not to numbers.
  pageUrl = `${pagesUrl.replace("127.0.0.1", "localhost")}/?${query.toString()}`;
  await page.goto(pageUrl);
});
afterEach(async () => {
  await page.context().close();
  expect(left).toEqual([]);
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

async function logIn(): Promise<void> {
  const methodId = await page.evaluate(
    async (email) => (await window.stytch.otps.email.loginOrCreate(email)).method_id,
    EMAIL,
  );
  await page.evaluate(
    ([code, id]) => window.stytch.otps.authenticate(code, id, { session_duration_minutes: 60 }),
    [await harness.codeFor(EMAIL), methodId] as const,
  );
}

/** The session JWT the client holds, checked with nothing but the published key set. */
async function factorsOfSession() {
  const tokens = await page.evaluate(() => window.stytch.session.getTokens());
  const { issuer, projectId } = DEVNET_AUTHENTICATOR;
  const response = await fetch(`${harness.url}/v1/sessions/jwks/${projectId}`);
  const keys = (await response.json()) as JSONWebKeySet; // jose checks it.
  const { payload } = await jwtVerify(tokens?.session_jwt ?? "", createLocalJWKSet(keys), {
    issuer,
    audience: projectId,
    currentDate: new Date(harness.time()),
  });
  return listFactors(zSessionClaims.parse(payload)).map(({ type, id }) => ({ type, id }));
}

test("a page logs in with an email code and holds a session that others can check", async () => {
  await logIn();
  const user = await page.evaluate(() => window.stytch.user.get());
  expect(user.emails).toMatchObject([{ email: EMAIL, verified: true }]);
  expect(await factorsOfSession()).toEqual([{ type: "email", id: user.emails[0]?.email_id }]);
  expect(await page.evaluate(() => window.stytch.session.getSync()?.authentication_factors)).toMatchObject([
    { type: "otp", delivery_method: "email" },
  ]);
});

test("a page sets up an authenticator app, proves it, recovers and removes it", async () => {
  await logIn();
  const app = await page.evaluate(() => window.stytch.totps.create({ expiration_minutes: 60 }));
  const code = new TOTP({ secret: Secret.fromBase32(app.secret) }).generate({ timestamp: harness.time() });
  await page.evaluate(
    (totp_code) => window.stytch.totps.authenticate({ totp_code, session_duration_minutes: 60 }),
    code,
  );
  expect(await factorsOfSession()).toMatchObject([{ type: "email" }, { type: "totp", id: app.totp_id }]);

  // The image is one that a browser shows.
  const width = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return image.naturalWidth;
  }, app.qr_code);
  expect(width).toBeGreaterThan(0);

  await page.evaluate(
    (recovery_code) => window.stytch.totps.recover({ recovery_code, session_duration_minutes: 60 }),
    app.recovery_codes[0] ?? "",
  );
  expect(
    await page.evaluate(() =>
      window.stytch.session.getSync()?.authentication_factors.map((factor) => factor.delivery_method),
    ),
  ).toEqual(["email", "authenticator_app", "recovery_code"]);

  await page.evaluate((id) => window.stytch.user.deleteTOTP(id), app.totp_id);
  expect(await page.evaluate(() => window.stytch.user.getSync()?.totps)).toEqual([]);
});

test("a page proves a phone, and a new address takes the place of the old one", async () => {
  await logIn();
  const phoneId = await page.evaluate(
    async (number) => (await window.stytch.otps.sms.send(number)).method_id,
    "+41790000001",
  );
  await page.evaluate(
    ([code, id]) => window.stytch.otps.authenticate(code, id, { session_duration_minutes: 60 }),
    [await harness.smsFor("+41790000001"), phoneId] as const,
  );
  expect(await factorsOfSession()).toMatchObject([{ type: "email" }, { type: "sms", id: phoneId }]);

  const next = "ada@example.org";
  const emailId = await page.evaluate(
    async (email) => (await window.stytch.otps.email.send(email)).method_id,
    next,
  );
  await page.evaluate(
    ([code, id]) => window.stytch.otps.authenticate(code, id, { session_duration_minutes: 60 }),
    [await harness.codeFor(next), emailId] as const,
  );
  await page.evaluate(async () => {
    const [old] = window.stytch.user.getSync()?.emails ?? [];
    await window.stytch.user.deleteEmail(old?.email_id ?? "");
  });
  expect(await page.evaluate(() => window.stytch.user.getSync()?.emails)).toMatchObject([
    { email: next, verified: true },
  ]);
});

test("a page sets, proves, changes and resets a password", async () => {
  const [first, second] = ["correct horse battery staple 7", "an entirely different phrase 9"];
  await logIn();
  await page.evaluate(
    (password) => window.stytch.passwords.resetBySession({ password, session_duration_minutes: 60 }),
    first,
  );
  expect(await factorsOfSession()).toMatchObject([{ type: "email" }, { type: "password" }]);
  expect(
    await page.evaluate((password) => window.stytch.passwords.strengthCheck({ password }), "password123"),
  ).toMatchObject({ valid_password: false, score: 0 });
  await page.evaluate(
    ([email, existing_password, new_password]) =>
      window.stytch.passwords.resetByExistingPassword({
        email,
        existing_password,
        new_password,
        session_duration_minutes: 60,
      }),
    [EMAIL, first, second] as const,
  );
  await page.evaluate(() => window.stytch.session.revoke());
  await page.evaluate((email) => window.stytch.passwords.resetByEmailStart({ email }), EMAIL);
  await page.evaluate(
    ([token, password]) =>
      window.stytch.passwords.resetByEmail({ token, password, session_duration_minutes: 60 }),
    [await harness.codeFor(EMAIL), first] as const,
  );
  await page.evaluate(
    ([email, password]) =>
      window.stytch.passwords.authenticate({ email, password, session_duration_minutes: 60 }),
    [EMAIL, first] as const,
  );
  expect(await factorsOfSession()).toEqual([{ type: "password", id: "password" }]);
});

test("a page registers a passkey, logs in with it and removes it", async () => {
  await addPasskeyProvider(page);
  await logIn();
  await page.evaluate(() =>
    window.stytch.webauthn.register({ is_passkey: true, session_duration_minutes: 60 }),
  );
  const registrations = await page.evaluate(() => window.stytch.user.getSync()?.webauthn_registrations);
  const id = registrations?.[0]?.webauthn_registration_id;
  expect(registrations).toMatchObject([{ domain: "localhost", verified: true }]);
  expect(await factorsOfSession()).toEqual([
    { type: "email", id: expect.any(String) as string },
    { type: "passkey", id },
  ]);

  await page.evaluate(() =>
    window.stytch.webauthn.authenticate({ is_passkey: true, session_duration_minutes: 60 }),
  );
  await page.evaluate(() => window.stytch.session.revoke());
  await page.evaluate(() =>
    window.stytch.webauthn.authenticate({ is_passkey: true, session_duration_minutes: 60 }),
  );
  expect(await factorsOfSession()).toEqual([{ type: "passkey", id }]);
  await logIn();
  await page.evaluate(
    (registration) => window.stytch.user.deleteWebauthnRegistration(registration ?? ""),
    id,
  );
  expect(await page.evaluate(() => window.stytch.user.getSync()?.webauthn_registrations)).toEqual([]);
});

test("a page proves a wallet", async () => {
  const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
  const wallet = { crypto_wallet_type: "ethereum", crypto_wallet_address: account.address } as const;
  await logIn();
  const challenge = await page.evaluate(
    async (options) => (await window.stytch.cryptoWallets.authenticateStart(options)).challenge,
    wallet,
  );
  await page.evaluate((options) => window.stytch.cryptoWallets.authenticate(options), {
    ...wallet,
    signature: await account.signMessage({ message: challenge }),
    session_duration_minutes: 60,
  });
  expect(await page.evaluate(() => window.stytch.user.getSync()?.crypto_wallets)).toMatchObject([
    { crypto_wallet_address: account.address, verified: true },
  ]);
  expect(
    await page.evaluate(() =>
      window.stytch.session.getSync()?.authentication_factors.map(({ delivery_method }) => delivery_method),
    ),
  ).toEqual(["email", "crypto_wallet"]);
});

test("a page logs in at a provider and comes back with a token that only it can redeem", async () => {
  await page.evaluate((login_redirect_url) => {
    void window.stytch.oauth.google.start({ login_redirect_url });
  }, pageUrl);
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(/stytch_token_type=oauth/);
  const token = new URL(page.url()).searchParams.get("token") ?? "";
  const stolen = await harness.sdk("POST", "/oauth/authenticate", { token });
  expect(stolen.body.error_type).toBe("pkce_expected_code_verifier");
  await page.evaluate(
    (received) => window.stytch.oauth.authenticate(received, { session_duration_minutes: 60 }),
    token,
  );
  expect(await page.evaluate(() => window.stytch.user.getSync()?.providers)).toMatchObject([
    { provider_type: "Google" },
  ]);
  expect(await factorsOfSession()).toMatchObject([{ type: "oauth" }]);
});

test("a session outlives the page, is refreshed and is revoked", async () => {
  await logIn();
  const before = await page.evaluate(() => window.stytch.session.getTokens());
  await page.reload();
  await page.evaluate(() => window.stytch.session.authenticate({ session_duration_minutes: 120 }));
  const after = await page.evaluate(() => window.stytch.session.getTokens());
  expect(after?.session_token).toBe(before?.session_token);
  await page.evaluate(() => window.stytch.user.update({ untrusted_metadata: { device: "secret" } }));
  expect((await page.evaluate(() => window.stytch.user.get())).untrusted_metadata).toEqual({
    device: "secret",
  });

  await page.evaluate(() => window.stytch.session.revoke());
  expect(await page.evaluate(() => window.stytch.session.getTokens())).toBeNull();
  const { status } = await harness.sdk("POST", "/sessions/authenticate", {}, before?.session_token);
  expect(status).toBe(404);
});

test("a page gets the API's error types", async () => {
  const methodId = await page.evaluate(
    async (email) => (await window.stytch.otps.email.loginOrCreate(email)).method_id,
    EMAIL,
  );
  const code = await harness.codeFor(EMAIL);
  const wrong = code === "000000" ? "000001" : "000000";
  const types = await page.evaluate(
    async ([id, attempt]) => {
      const seen: unknown[] = [];
      for (let i = 0; i < 6; i++) {
        await window.stytch.otps
          .authenticate(attempt, id, { session_duration_minutes: 60 })
          .catch((error: unknown) => seen.push((error as { error_type?: unknown }).error_type));
      }
      return seen;
    },
    [methodId, wrong] as const,
  );
  expect(types).toEqual([
    ...Array<string>(4).fill("otp_code_not_found"),
    ...Array<string>(2).fill("unable_to_auth_otp_code"),
  ]);
});
