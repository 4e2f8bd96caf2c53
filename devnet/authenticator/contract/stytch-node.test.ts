/** The real `stytch` package, unmodified, as a back end's client of the devnet's authenticator. */
import { Secret, TOTP } from "otpauth";
import { Client, StytchError } from "stytch";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AuthenticatorHarness } from "../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  // The package takes only two issuers: Stytch's own, and the address it was pointed at.
  harness = await AuthenticatorHarness.start({ issuer: (url) => url });
  vi.spyOn(console, "warn").mockImplementation(() => undefined); // It warns of an address that is not Stytch's.
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";

function client(): Client {
  const { identity, projectSecret, url } = harness.running;
  return new Client({ project_id: identity.projectId, secret: projectSecret, env: `${url}/` });
}

async function logIn(stytch: Client, session?: string) {
  const sent = await stytch.otps.email.loginOrCreate({ email: EMAIL });
  return stytch.otps.authenticate({
    method_id: sent.email_id,
    code: await harness.codeFor(EMAIL),
    session_duration_minutes: 60,
    ...(session === undefined ? {} : { session_token: session }),
  });
}

const errorType = (type: string): unknown =>
  expect.objectContaining({ error_type: type, request_id: expect.any(String) as string });

describe("the stytch package", () => {
  test("logs a person in with an email code", async () => {
    const stytch = client();
    const first = await stytch.otps.email.loginOrCreate({ email: EMAIL });
    expect(first).toMatchObject({ status_code: 200, user_created: true });
    const proved = await logIn(stytch);
    expect(proved).toMatchObject({
      status_code: 200,
      user_id: first.user_id,
      method_id: first.email_id,
      user: { emails: [{ email: EMAIL, verified: true }], untrusted_metadata: {} },
      session: {
        user_id: first.user_id,
        authentication_factors: [{ type: "otp", delivery_method: "email" }],
      },
    });
    expect(await stytch.users.get({ user_id: first.user_id })).toMatchObject({ user_id: first.user_id });
  });

  test("gets a typed error for a wrong, a used and an unknown code", async () => {
    const stytch = client();
    const { email_id } = await stytch.otps.email.loginOrCreate({ email: EMAIL });
    const code = await harness.codeFor(EMAIL);
    const wrong = code === "000000" ? "000001" : "000000";
    const attempt = (method_id: string, attempted: string) =>
      stytch.otps.authenticate({ method_id, code: attempted });
    await expect(attempt(email_id, wrong)).rejects.toBeInstanceOf(StytchError);
    await expect(attempt(email_id, wrong)).rejects.toEqual(errorType("otp_code_not_found"));
    await attempt(email_id, code);
    await expect(attempt(email_id, code)).rejects.toEqual(errorType("unable_to_auth_otp_code"));
    await expect(attempt("email-test-unknown", code)).rejects.toEqual(errorType("otp_code_not_found"));
  });

  test("sets up an authenticator app, proves it and recovers from its loss", async () => {
    const stytch = client();
    const { user_id, session_token } = await logIn(stytch);
    const app = await stytch.totps.create({ user_id, expiration_minutes: 60 });
    const totp = new TOTP({ secret: Secret.fromBase32(app.secret) });
    const proved = await stytch.totps.authenticate({
      user_id,
      totp_code: totp.generate({ timestamp: harness.time() }),
      session_token,
      session_duration_minutes: 60,
    });
    expect(proved).toMatchObject({
      totp_id: app.totp_id,
      session: {
        authentication_factors: [
          { type: "otp" },
          { type: "totp", authenticator_app_factor: { totp_id: app.totp_id } },
        ],
      },
    });
    const recovered = await stytch.totps.recover({ user_id, recovery_code: app.recovery_codes[0] ?? "" });
    expect(recovered).toMatchObject({ status_code: 200, totp_id: app.totp_id });
    const other = await stytch.users.get({ user_id });
    expect(other.totps).toEqual([{ totp_id: app.totp_id, verified: true }]);
  });

  test("fetches the key set and checks a session JWT by itself", async () => {
    const stytch = client();
    const { user_id, session_jwt, session } = await logIn(stytch);
    const { keys } = await stytch.sessions.getJWKS({ project_id: harness.running.identity.projectId });
    expect(keys).toHaveLength(1);
    const checked = await stytch.sessions.authenticateJwtLocal({ session_jwt });
    expect(checked).toMatchObject({
      session_id: session?.session_id,
      user_id,
      authentication_factors: [{ type: "otp", email_factor: { email_address: EMAIL } }],
    });
    await harness.stop(); // Nothing is asked any more: the check was local.
    await expect(stytch.sessions.authenticateJwtLocal({ session_jwt })).resolves.toBeDefined();
    await harness.restart();
  });

  test("checks JWTs of the old and the new key while one follows the other", async () => {
    const before = await logIn(client());
    await fetch(`${harness.url}/control/rotate-key`, { method: "POST" });
    const stytch = client();
    const after = await stytch.sessions.authenticate({ session_token: before.session_token });
    for (const { session_jwt } of [before, after]) {
      await expect(stytch.sessions.authenticateJwtLocal({ session_jwt })).resolves.toMatchObject({
        user_id: before.user_id,
      });
    }
    const { keys } = await stytch.sessions.getJWKS({ project_id: harness.running.identity.projectId });
    expect(keys).toHaveLength(2);
  });

  test("refuses a JWT that ran out, and refreshes the session with it", async () => {
    const stytch = client();
    const { session_jwt, user_id } = await logIn(stytch);
    const later = new Date(harness.time() + 301_000);
    await expect(
      stytch.sessions.authenticateJwtLocal({ session_jwt, current_date: later }),
    ).rejects.toMatchObject({ code: "jwt_invalid" });
    harness.advance(301);
    const refreshed = await stytch.sessions.authenticate({ session_jwt });
    expect(refreshed.user.user_id).toBe(user_id);
    await expect(
      stytch.sessions.authenticateJwtLocal({ session_jwt: refreshed.session_jwt, current_date: later }),
    ).resolves.toMatchObject({ user_id });
  });

  test("refuses a JWT that somebody changed", async () => {
    const { session_jwt } = await logIn(client());
    const [header = "", payload = "", signature = ""] = session_jwt.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: "user-test-other" })).toString("base64url");
    const forged = [header, changed, signature].join(".");
    await expect(client().sessions.authenticateJwtLocal({ session_jwt: forged })).rejects.toMatchObject({
      code: "jwt_invalid",
    });
    await expect(client().sessions.authenticate({ session_jwt: forged })).rejects.toEqual(
      errorType("session_not_found"),
    );
  });

  test("lists and ends sessions", async () => {
    const stytch = client();
    const { user_id, session_token, session } = await logIn(stytch);
    const listed = await stytch.sessions.get({ user_id });
    expect(listed.sessions.map(({ session_id }) => session_id)).toEqual([session?.session_id]);
    await stytch.sessions.revoke({ session_token });
    await expect(stytch.sessions.authenticate({ session_token })).rejects.toEqual(
      errorType("session_not_found"),
    );
    expect((await stytch.sessions.get({ user_id })).sessions).toEqual([]);
  });

  test("is refused without the project's secret", async () => {
    const { identity, url } = harness.running;
    const stranger = new Client({ project_id: identity.projectId, secret: "secret", env: `${url}/` });
    await expect(stranger.otps.email.loginOrCreate({ email: EMAIL })).rejects.toEqual(
      errorType("unauthorized_credentials"),
    );
  });
});

test("the devnet's own issuer makes its JWTs worthless wherever Stytch's are expected", async () => {
  await using devnet = await AuthenticatorHarness.start();
  const { body } = await devnet.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
  const answer = await devnet.sdk("POST", "/otps/authenticate", {
    method_id: body.method_id,
    token: await devnet.codeFor(EMAIL),
    session_duration_minutes: 60,
  });
  const { identity, projectSecret, url } = devnet.running;
  const stytch = new Client({ project_id: identity.projectId, secret: projectSecret, env: `${url}/` });
  await expect(
    stytch.sessions.authenticateJwtLocal({ session_jwt: String(answer.body.session_jwt) }),
  ).rejects.toThrow(/unexpected "iss" claim value/);
});
