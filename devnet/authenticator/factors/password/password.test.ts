import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthenticatorHarness } from "../../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery staple 7";
const OTHER = "an entirely different phrase 9";

const post = (apiPath: string, body: object, session?: string) =>
  harness.sdk("POST", `/passwords${apiPath}`, { session_duration_minutes: 60, ...body }, session);
const authenticate = (password: string, email = EMAIL, session?: string) =>
  post("/authenticate", { email, password }, session);
const setInSession = (password: string, session: string) => post("/session/reset", { password }, session);

/** Somebody with a mailbox and a password, logged in with both. */
async function withPassword(): Promise<string> {
  const session = await harness.logIn(EMAIL);
  expect((await setInSession(PASSWORD, session)).status).toBe(200);
  return session;
}

describe("a password", () => {
  test("is set by who proved the mailbox just now, and stands in the session without an id", async () => {
    const session = await withPassword();
    expect(await harness.session(session)).toMatchObject({
      user: { password: { password_id: expect.stringMatching(/^password-test-/) as string } },
    });
    const { body } = await authenticate(PASSWORD);
    const { authentication_factors } = body.session as { authentication_factors: object[] };
    expect(authentication_factors).toEqual([
      {
        type: "password",
        delivery_method: "knowledge",
        last_authenticated_at: expect.any(String) as string,
        created_at: expect.any(String) as string,
        updated_at: expect.any(String) as string,
      },
    ]);
  });

  test("counts however the keyboard composes its letters, and in no other case", async () => {
    const session = await harness.logIn(EMAIL);
    await setInSession("caf\u00e9 in the r\u00e9publique 7", session);
    expect((await authenticate("cafe\u0301 in the re\u0301publique 7")).status).toBe(200);
    expect((await authenticate("Caf\u00e9 in the r\u00e9publique 7")).status).toBe(401);
  });

  test("is answered alike when it is wrong, not set, or of nobody", async () => {
    await withPassword();
    await harness.logIn("bob@example.com");
    const answers = [
      await authenticate(OTHER),
      await authenticate(OTHER, "bob@example.com"),
      await authenticate(OTHER, "nobody@example.com"),
    ].map(({ status, body: { request_id: _, ...body } }) => ({ status, body }));
    expect(answers[0]).toMatchObject({ status: 401, body: { error_type: "unauthorized_credentials" } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test.each([EMAIL, "nobody@example.com"])(
    "locks %s after ten wrong ones, also when they are tried at the same time",
    async (email) => {
      await withPassword();
      const answers = await Promise.all(Array.from({ length: 12 }, () => authenticate(OTHER, email)));
      const types = answers.map(({ body }) => body.error_type);
      expect(types.filter((type) => type === "unauthorized_credentials")).toHaveLength(9);
      expect(types.filter((type) => type === "user_lock_limit_reached")).toHaveLength(3);
      expect((await authenticate(PASSWORD, email)).body.error_type).toBe("user_lock_limit_reached");
      expect(await harness.sdk("POST", "/otps/email/login_or_create", { email })).toMatchObject({
        status: 429,
      });
      harness.advance(3600);
      expect((await authenticate(PASSWORD, email)).status).toBe(email === EMAIL ? 200 : 401);
    },
  );

  test("is refused when it is easy to guess or made of the address, and long ones are refused whole", async () => {
    const session = await harness.logIn(EMAIL);
    for (const weak of ["short1!", "password123", "qwertyuiop", "ada@example.com", "aaaaaaaaaaaaaaaa"]) {
      expect((await setInSession(weak, session)).body.error_type).toBe("weak_password");
    }
    expect((await setInSession("x".repeat(129), session)).body.error_type).toBe("bad_request");
    expect((await setInSession("", session)).body.error_type).toBe("bad_request");
  });

  test("is rated before it is set, for people to choose a better one", async () => {
    const weak = await post("/strength_check", { email: EMAIL, password: "password123" });
    expect(weak.body).toMatchObject({
      valid_password: false,
      score: 0,
      breached_password: false,
      strength_policy: "zxcvbn",
      feedback: { warning: expect.stringMatching(/\w/) as string },
    });
    expect((await post("/strength_check", { password: "short1!" })).body).toMatchObject({
      valid_password: false,
      feedback: { warning: "Use at least 8 characters." },
    });
    expect((await post("/strength_check", { email: "", password: PASSWORD })).body).toMatchObject({
      valid_password: true,
      score: 4,
    });
  });

  test("is kept as a salted hash only", async () => {
    await withPassword();
    const state = await readFile(path.join(harness.directory, "authenticator.json"), "utf8");
    expect(state).not.toContain(PASSWORD);
    expect(state).not.toContain(createHash("sha256").update(PASSWORD).digest("base64url"));
    await harness.restart();
    expect((await authenticate(PASSWORD)).status).toBe(200);
  });

  test("proves no second category: the mailbox resets it", async () => {
    const session = await withPassword();
    const { body } = await harness.sdk("POST", "/totps", {}, session);
    expect(body.totp_id).toMatch(/^totp-test-/);
    await harness.provePhone("+41790000001", session);
    const weak = await harness.logIn(EMAIL);
    await authenticate(PASSWORD, EMAIL, weak);
    expect((await harness.sdk("POST", "/totps", {}, weak)).body.error_type).toBe("insufficient_factors");
  });
});

describe("a new user with a password", () => {
  const create = (email = EMAIL, password = PASSWORD) => post("", { email, password });

  test("is logged in, with an address that is not verified and can add nothing", async () => {
    const { status, body } = await create();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      email_id: expect.stringMatching(/^email-test-/) as string,
      user: { emails: [{ email: EMAIL, verified: false }], password: { requires_reset: false } },
      session: { authentication_factors: [{ type: "password" }] },
    });
    const session = String(body.session_token);
    expect((await harness.sdk("POST", "/totps", {}, session)).body.error_type).toBe(
      "too_many_unverified_factors",
    );
  });

  test("keeps the password when the mailbox is verified in the same session", async () => {
    const session = String((await create()).body.session_token);
    await harness.logIn(EMAIL, session);
    expect((await harness.session(session)).session).toMatchObject({
      authentication_factors: [{ type: "password" }, { type: "otp" }],
    });
    expect((await authenticate(PASSWORD)).status).toBe(200);
  });

  test("loses password and sessions to who proves the mailbox: it may have been a trap", async () => {
    const trap = String((await create()).body.session_token);
    const { body: sent } = await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
    const { body } = await harness.sdk("POST", "/otps/authenticate", {
      method_id: sent.method_id,
      token: await harness.codeFor(EMAIL),
      session_duration_minutes: 60,
    });
    expect(body).toMatchObject({ reset_sessions: true, user: { password: { requires_reset: true } } });
    expect((await harness.sdk("GET", "/users/me", undefined, trap)).body.error_type).toBe(
      "session_not_found",
    );
    expect((await authenticate(PASSWORD)).body.error_type).toBe("reset_password");
    expect((await authenticate(OTHER)).body.error_type).toBe("unauthorized_credentials");
  });

  test("cannot be made of somebody who is one already, nor twice at the same time", async () => {
    await harness.logIn(EMAIL);
    expect((await create()).body.error_type).toBe("duplicate_email");
    const answers = await Promise.all([create("bob@example.com"), create("bob@example.com", OTHER)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test("cannot be made with a weak password", async () => {
    expect((await create(EMAIL, "password123")).body.error_type).toBe("weak_password");
  });
});

describe("changing a password", () => {
  test("in a session needs a proof of mailbox or password within five minutes", async () => {
    const session = await withPassword();
    harness.advance(299);
    expect((await setInSession(OTHER, session)).status).toBe(200);
    harness.advance(300);
    expect((await setInSession(PASSWORD, session)).body.error_type).toBe("session_too_old_to_reset_password");
    await harness.logIn(EMAIL, session);
    expect((await setInSession(PASSWORD, session)).status).toBe(200);
  });

  test("ends all other sessions and leaves the id as it was", async () => {
    const session = await withPassword();
    const other = await harness.logIn(EMAIL);
    const before = (await harness.session(session)).user as { password: { password_id: string } };
    await setInSession(OTHER, session);
    expect((await harness.session(session)).user).toMatchObject({ password: before.password });
    expect((await harness.sdk("GET", "/users/me", undefined, other)).body.error_type).toBe(
      "session_not_found",
    );
    expect((await authenticate(PASSWORD)).status).toBe(401);
    expect((await authenticate(OTHER)).status).toBe(200);
  });

  test("in a session needs two categories once there are two", async () => {
    await harness.provePhone("+41790000001", await harness.logIn(EMAIL));
    const emailOnly = await harness.logIn(EMAIL);
    expect((await setInSession(PASSWORD, emailOnly)).body.error_type).toBe("insufficient_factors");
  });

  test("is possible with the old one, and counts failures", async () => {
    await withPassword();
    const change = (existing: string) =>
      post("/existing_password/reset", { email: EMAIL, existing_password: existing, new_password: OTHER });
    expect((await change(OTHER)).body.error_type).toBe("unauthorized_credentials");
    expect((await change(PASSWORD)).status).toBe(200);
    expect((await authenticate(OTHER)).status).toBe(200);
    expect((await authenticate(PASSWORD)).status).toBe(401);
  });
});

describe("resetting a password with a mail", () => {
  const VERIFIER = "a-code-verifier-of-forty-three-characters-xyz";
  const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

  const start = (body: object = {}) => post("/email/reset/start", { email: EMAIL, ...body });
  const reset = (token: string, body: object = {}) =>
    post("/email/reset", { token, password: OTHER, ...body });
  const tokenInMail = () => harness.codeFor(EMAIL);

  test("takes the mailbox and nothing else, once", async () => {
    const session = await withPassword();
    await start();
    const token = await tokenInMail();
    const { status, body } = await reset(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ session: { authentication_factors: [{ type: "password" }] } });
    expect((await authenticate(OTHER)).status).toBe(200);
    expect((await harness.sdk("GET", "/users/me", undefined, session)).body.error_type).toBe(
      "session_not_found",
    );
    expect((await reset(token)).body.error_type).toBe("unable_to_auth_password_reset_token");
  });

  test("works once also when the token is sent several times at once", async () => {
    await withPassword();
    await start();
    const token = await tokenInMail();
    const answers = await Promise.all([reset(token), reset(token), reset(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  test("verifies the address and makes the password count that had to be reset", async () => {
    await post("", { email: EMAIL, password: PASSWORD });
    await start();
    expect((await reset(await tokenInMail())).body).toMatchObject({
      user: { emails: [{ verified: true }], password: { requires_reset: false } },
    });
    expect((await authenticate(OTHER)).status).toBe(200);
  });

  test("has a mail with a link into the app, and one mail that counts", async () => {
    await withPassword();
    await start();
    const old = await tokenInMail();
    await start({ reset_password_redirect_url: "trivet://reset?from=mail" });
    const token = await tokenInMail();
    const inbox: unknown = await (await fetch(`${harness.url}/inbox`)).json();
    expect(inbox).toMatchObject([
      {
        purpose: "reset-password",
        link: `trivet://reset?from=mail&stytch_token_type=reset_password&token=${token}`,
      },
      { purpose: "reset-password" },
      { purpose: "login" },
    ]);
    expect((await reset(old)).body.error_type).toBe("unable_to_auth_password_reset_token");
    expect((await reset(token)).status).toBe(200);
  });

  test("sends nobody's browser elsewhere", async () => {
    for (const url of ["https://evil.example/", "javascript:alert(1)", "http://127.0.0.1.evil.example/"]) {
      expect((await start({ reset_password_redirect_url: url })).body.error_type).toBe(
        "no_match_for_provided_oauth_url",
      );
    }
  });

  test("counts until its time is over", async () => {
    await withPassword();
    await start({ reset_password_expiration_minutes: 5 });
    harness.advance(300);
    expect((await reset(await tokenInMail())).body.error_type).toBe("unable_to_auth_password_reset_token");
    await start();
    harness.advance(30 * 60 - 1);
    expect((await reset(await tokenInMail())).status).toBe(200);
  });

  test("takes a strong password, and a weak one does not use up the mail", async () => {
    await start();
    const token = await tokenInMail();
    expect((await reset(token, { password: "password123" })).body.error_type).toBe("weak_password");
    expect((await reset(token)).status).toBe(200);
  });

  test("is bound to who asked for it when a code challenge was sent", async () => {
    await start({ code_challenge: CHALLENGE });
    const token = await tokenInMail();
    expect((await reset(token)).body.error_type).toBe("pkce_expected_code_verifier");
    const other = VERIFIER.replace("a-code", "b-code");
    expect((await reset(token, { code_verifier: other })).body.error_type).toBe("pkce_mismatch");
    expect((await reset(token, { code_verifier: VERIFIER })).status).toBe(200);
    await start();
    expect((await reset(await tokenInMail(), { code_verifier: VERIFIER })).body.error_type).toBe(
      "pkce_did_not_expect_code_verifier",
    );
    expect((await start({ code_challenge: "short" })).body.error_type).toBe("invalid_pkce_code_challenge");
  });

  test("is answered alike for known and unknown addresses, and not without end", async () => {
    await harness.logIn(EMAIL);
    const known = await start();
    const stranger = await start({ email: "nobody@example.com" });
    expect(Object.keys(known.body).sort()).toEqual(Object.keys(stranger.body).sort());
    expect(known.status).toBe(stranger.status);
    for (let i = 0; i < 18; i++) expect((await start()).status).toBe(200);
    expect((await start()).body.error_type).toBe("too_many_requests");
  });

  test("is not done in another person's session", async () => {
    const bob = await harness.logIn("bob@example.com");
    await start();
    const answer = await post("/email/reset", { token: await tokenInMail(), password: OTHER }, bob);
    expect(answer.body.error_type).toBe("user_id_mismatch");
  });
});

test("an app cannot remove a password, a back end can", async () => {
  const session = await withPassword();
  const { user } = (await harness.session(session)) as { user: { password: { password_id: string } } };
  const apiPath = `/users/passwords/${user.password.password_id}`;
  expect((await harness.sdk("DELETE", apiPath, {}, session)).body.error_type).toBe("route_not_found");
  expect((await harness.server("DELETE", apiPath)).body).toMatchObject({ user: { password: null } });
  expect((await harness.session(session)).session).toMatchObject({
    authentication_factors: [{ type: "otp" }],
  });
  expect((await harness.server("DELETE", apiPath)).body.error_type).toBe("password_not_found");
});
