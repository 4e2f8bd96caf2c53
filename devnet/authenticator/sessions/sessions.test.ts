import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEVNET_AUTHENTICATOR } from "#core/security/devnet-authenticator.ts";
import { listFactors } from "#core/security/factors.ts";
import { SESSION_CLAIM, type SessionClaims, zSessionClaims } from "#core/security/session-claims.ts";
import { LIMITS } from "../limits.ts";
import { type ApiAnswer, AuthenticatorHarness } from "../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";
const { issuer, projectId } = DEVNET_AUTHENTICATOR;

async function logIn(minutes: number | undefined = 60, session?: string): Promise<ApiAnswer> {
  const { body } = await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
  return harness.sdk(
    "POST",
    "/otps/authenticate",
    { method_id: body.method_id, token: await harness.codeFor(EMAIL), session_duration_minutes: minutes },
    session,
  );
}

async function keySet(): Promise<JSONWebKeySet> {
  const response = await fetch(`${harness.url}/v1/sessions/jwks/${projectId}`);
  return (await response.json()) as JSONWebKeySet; // jose checks it.
}

async function verify(jwt: unknown): Promise<SessionClaims> {
  const { payload } = await jwtVerify(String(jwt), createLocalJWKSet(await keySet()), {
    issuer,
    audience: projectId,
    algorithms: ["RS256"],
    typ: "JWT",
    currentDate: new Date(harness.time()),
  });
  return zSessionClaims.parse(payload);
}

const refresh = (session: unknown, body: object = {}) =>
  harness.sdk("POST", "/sessions/authenticate", body, String(session));

describe("a session JWT", () => {
  test("says exactly what Stytch's does, under the devnet's own issuer", async () => {
    const { body } = await logIn();
    expect(decodeProtectedHeader(String(body.session_jwt))).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: (await keySet()).keys[0]?.kid,
    });
    const claims = await verify(body.session_jwt);
    const now = Math.floor(harness.time() / 1000);
    const at = new Date(now * 1000).toISOString().replace(".000Z", "Z");
    expect(claims).toEqual({
      aud: [projectId],
      iss: issuer,
      sub: body.user_id,
      iat: now,
      nbf: now,
      exp: now + 300,
      [SESSION_CLAIM]: {
        id: (body.session as { session_id: string }).session_id,
        started_at: at,
        last_accessed_at: at,
        expires_at: new Date((now + 3600) * 1000).toISOString().replace(".000Z", "Z"),
        attributes: { ip_address: "127.0.0.1", user_agent: "node" },
        authentication_factors: [
          {
            type: "otp",
            delivery_method: "email",
            last_authenticated_at: at,
            created_at: at,
            updated_at: at,
            email_factor: { email_id: body.method_id, email_address: EMAIL },
          },
        ],
      },
    });
    expect(listFactors(claims)).toMatchObject([
      { type: "email", id: body.method_id, lastAuthenticatedAt: now },
    ]);
  });

  test("runs out after five minutes although the session goes on", async () => {
    const { body } = await logIn();
    harness.advance(300);
    await expect(verify(body.session_jwt)).rejects.toBeInstanceOf(errors.JWTExpired);
    const refreshed = await refresh(body.session_token);
    await expect(verify(refreshed.body.session_jwt)).resolves.toMatchObject({ sub: body.user_id });
  });

  test("is young over old proofs after a refresh", async () => {
    const { body } = await logIn(LIMITS.maxSessionMinutes);
    const [before] = listFactors(await verify(body.session_jwt));
    harness.advance(300 * 86_400);
    const refreshed = await refresh(body.session_token);
    const claims = await verify(refreshed.body.session_jwt);
    expect(claims.iat).toBe(Math.floor(harness.time() / 1000));
    expect(listFactors(claims)).toEqual([before]);
  });

  test("shows a factor proved again once, with the new time", async () => {
    const { body } = await logIn();
    const [before] = listFactors(await verify(body.session_jwt));
    harness.advance(60);
    const again = await logIn(60, String(body.session_token));
    expect(again.body.session_token).toBe(body.session_token);
    expect(listFactors(await verify(again.body.session_jwt))).toEqual([
      { ...before, lastAuthenticatedAt: (before?.lastAuthenticatedAt ?? 0) + 60 },
    ]);
  });
});

describe("a session", () => {
  test("ends when its time is over, and a refresh can move the end", async () => {
    const { body } = await logIn(5);
    harness.advance(299);
    expect((await refresh(body.session_token, { session_duration_minutes: 10 })).status).toBe(200);
    harness.advance(599);
    expect((await refresh(body.session_token)).status).toBe(200);
    harness.advance(1);
    expect(await refresh(body.session_token)).toMatchObject({
      status: 404,
      body: { error_type: "session_not_found" },
    });
  });

  test("is not opened unless a duration is given", async () => {
    const { body } = await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
    const answer = await harness.sdk("POST", "/otps/authenticate", {
      method_id: body.method_id,
      token: await harness.codeFor(EMAIL),
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { session: null, session_token: "", session_jwt: "" },
    });
  });

  test.each([4, 527_041, 5.5, "60"])("cannot last %j minutes", async (minutes) => {
    const { body } = await logIn();
    expect((await refresh(body.session_token, { session_duration_minutes: minutes })).body.error_type).toBe(
      "invalid_session_duration_minutes",
    );
  });

  test("ends at once when it is revoked; its last JWT still verifies until it runs out", async () => {
    const { body } = await logIn();
    const other = await logIn();
    expect(
      (await harness.sdk("POST", "/sessions/revoke", undefined, String(body.session_token))).status,
    ).toBe(200);
    expect((await refresh(body.session_token)).body.error_type).toBe("session_not_found");
    await expect(verify(body.session_jwt)).resolves.toMatchObject({ sub: body.user_id });
    expect((await refresh(other.body.session_token)).status).toBe(200);
  });

  test("cannot end another session", async () => {
    const mine = await logIn();
    const other = await logIn();
    const named = { session_id: (other.body.session as { session_id: string }).session_id };
    await harness.sdk("POST", "/sessions/revoke", named, String(mine.body.session_token));
    expect((await refresh(other.body.session_token)).status).toBe(200);
  });
});

describe("the key set", () => {
  test("has one public RSA key, and nothing private", async () => {
    const { keys } = await keySet();
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["alg", "e", "key_ops", "kid", "kty", "n", "use"]);
  });

  test("has the old and the new key while one follows the other", async () => {
    const old = await logIn();
    const [oldKey] = (await keySet()).keys;
    await fetch(`${harness.url}/control/rotate-key`, { method: "POST" });
    const fresh = await refresh(old.body.session_token);
    const { keys } = await keySet();
    expect(keys.map(({ kid }) => kid)).toEqual([
      decodeProtectedHeader(String(fresh.body.session_jwt)).kid,
      oldKey?.kid,
    ]);
    await expect(verify(old.body.session_jwt)).resolves.toBeDefined();
    await expect(verify(fresh.body.session_jwt)).resolves.toBeDefined();

    harness.advance(LIMITS.signingKeyOverlapSeconds);
    expect((await keySet()).keys.map(({ kid }) => kid)).toEqual([keys[0]?.kid]);
  });

  test("changes by itself twice a year", async () => {
    const before = (await keySet()).keys[0]?.kid;
    harness.advance(LIMITS.signingKeySeconds - 1);
    expect((await keySet()).keys[0]?.kid).toBe(before);
    harness.advance(1);
    const after = await keySet();
    expect(after.keys).toHaveLength(2);
    expect(after.keys[1]?.kid).toBe(before);
  });

  test("belongs to one project", async () => {
    const response = await fetch(`${harness.url}/v1/sessions/jwks/project-test-other`);
    expect(response.status).toBe(404);
  });
});

test("users, sessions, keys, locks and mails survive a restart", async () => {
  const { body } = await logIn();
  const keys = await keySet();
  await harness.sdk("PUT", "/users/me", { untrusted_metadata: { a: 1 } }, String(body.session_token));
  const { body: sent } = await harness.sdk("POST", "/otps/email/login_or_create", {
    email: "bob@example.com",
  });
  const code = await harness.codeFor("bob@example.com");

  await harness.restart();
  expect(await keySet()).toMatchObject({ keys: keys.keys });
  expect((await refresh(body.session_token)).body).toMatchObject({
    user_id: body.user_id,
    user: { untrusted_metadata: { a: 1 } },
  });
  await expect(verify(body.session_jwt)).resolves.toBeDefined();
  const bob = await harness.sdk("POST", "/otps/authenticate", { method_id: sent.method_id, token: code });
  expect(bob.body.user_id).toBe(sent.user_id);
});
