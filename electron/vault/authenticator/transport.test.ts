import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuthenticatorClient } from "./client.ts";
import { AuthenticatorError } from "./errors.ts";
import type { AuthenticatorSession } from "./session.ts";

const PUBLIC_TOKEN = "public-token-test-1";
const SECRET_TOKEN = "session-token-that-must-not-leak";
const CODE = "918273";
const PASSWORD = "a password that must not leak";
const VERIFIER = "a-verifier-that-must-not-leak-0123456789-0123";
const PHONE = "+41790000001";
const EMAIL = "ada.lovelace@example.com";

const session: AuthenticatorSession = {
  sessionId: "session-test-1",
  token: SECRET_TOKEN,
  jwt: "a.b.c",
  expiresAt: 0,
  user: {
    userId: "user-test-1",
    emails: [],
    phones: [],
    authenticatorApps: [],
    passkeys: [],
    password: undefined,
    logins: [],
    wallets: [],
    metadata: {},
  },
  claims: {
    iss: "i",
    aud: ["p"],
    sub: "user-test-1",
    iat: 0,
    nbf: 0,
    exp: 300,
    "https://stytch.com/session": {
      id: "session-test-1",
      started_at: "2026-11-20T10:00:00Z",
      last_accessed_at: "2026-11-20T10:00:00Z",
      expires_at: "2026-11-20T11:00:00Z",
      attributes: {},
      authentication_factors: [],
    },
  },
};

type Fetch = typeof globalThis.fetch;

function clientWith(fetch: Fetch, timeoutMs?: number): AuthenticatorClient {
  return new AuthenticatorClient({
    baseUrl: "https://authenticator.example/",
    publicToken: PUBLIC_TOKEN,
    fetch,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

function answering(status: number, body: unknown, contentType = "application/json"): Fetch {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return () => Promise.resolve(new Response(text, { status, headers: { "content-type": contentType } }));
}

async function errorOf(call: Promise<unknown>): Promise<AuthenticatorError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AuthenticatorError);
  return error as AuthenticatorError; // Checked in the line before.
}

/** Every call that carries something secret. */
const secretCalls = (client: AuthenticatorClient) => [
  client.email.send(EMAIL),
  client.email.verify({ methodId: "email-1", code: CODE, session }),
  client.totp.verify(session, CODE),
  client.totp.recover(session, "abcd-efgh-1234"),
  client.sms.send(PHONE),
  client.password.verify({ email: EMAIL, password: PASSWORD }),
  client.password.set(session, PASSWORD),
  client.password.rate({ email: EMAIL, password: PASSWORD }),
  client.login.verify({ token: SECRET_TOKEN, codeVerifier: VERIFIER }),
  client.refreshSession(session),
  client.updateMetadata(session, { device: "device-secret" }),
];

describe("what is sent", () => {
  test("names the project, or the session, in the headers Stytch's clients send", async () => {
    const seen: Request[] = [];
    const client = clientWith((input, init) => {
      seen.push(new Request(input, init));
      return Promise.resolve(Response.json({ data: { method_id: "email-1" } }));
    });
    await client.email.send(EMAIL);
    await client.revokeSession(session);
    const decode = (header: string | null) =>
      Buffer.from((header ?? "").replace("Basic ", ""), "base64").toString();
    expect(seen.map(({ url, method }) => `${method} ${url}`)).toEqual([
      "POST https://authenticator.example/sdk/v1/otps/email/login_or_create",
      "POST https://authenticator.example/sdk/v1/sessions/revoke",
    ]);
    expect(seen.map(({ headers }) => decode(headers.get("authorization")))).toEqual([
      `${PUBLIC_TOKEN}:${PUBLIC_TOKEN}`,
      `${PUBLIC_TOKEN}:${SECRET_TOKEN}`,
    ]);
    expect(JSON.parse(decode(seen[0]!.headers.get("x-sdk-client")))).toMatchObject({
      app: { identifier: "com.trivet.wallet" },
      sdk: { identifier: "trivet" },
    });
    expect(await seen[0]!.json()).toEqual({ email: EMAIL, expiration_minutes: 2 });
    expect(seen.every(({ redirect }) => redirect === "error")).toBe(true);
  });

  test.each([
    "http://authenticator.example",
    "http://127.0.0.1.example",
    "http://192.168.0.2:47602",
    "ftp://127.0.0.1",
    "nonsense",
  ])("never goes to %s", (baseUrl) => {
    expect(() => new AuthenticatorClient({ baseUrl, publicToken: PUBLIC_TOKEN })).toThrow(TypeError);
  });
});

describe("an answer that cannot be used", () => {
  test.each([
    ["a fault of the server", 500, { error_type: "internal_server_error" }, "authenticator-down"],
    ["a page of a proxy", 502, "<html>Bad gateway</html>", "authenticator-down"],
    ["a limit without a type", 429, "slow down", "authenticator-busy"],
    ["an error type nobody knows", 400, { error_type: "something_new" }, "authenticator-unexpected"],
    [
      "an error type that is a name of Object",
      400,
      { error_type: "constructor" },
      "authenticator-unexpected",
    ],
    ["a success without data", 200, {}, "authenticator-unexpected"],
    ["a success that is no JSON", 200, "OK", "authenticator-unexpected"],
    ["a success of another shape", 200, { data: { method_id: 7 } }, "authenticator-unexpected"],
    [
      "a code that Stytch says is dead without saying why",
      401,
      { error_type: "unable_to_auth_otp_code" },
      "code-expired",
    ],
    ["an unknown address", 404, { error_type: "email_not_found" }, "email-unknown"],
  ])("%s has its sentence", async (_, status, body, code) => {
    const error = await errorOf(clientWith(answering(status, body)).email.send(EMAIL));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/\.$/);
    expect(error.whatToDo).toMatch(/\.$/);
  });

  test("is refused when user, session and JWT are not of one person", async () => {
    const jwt = (sub: string) =>
      ["e30", Buffer.from(JSON.stringify({ ...session.claims, sub })).toString("base64url"), "c2ln"].join(
        ".",
      );
    const answer = (sub: string) => ({
      data: {
        user_id: "user-test-1",
        user: { user_id: "user-test-1", emails: [], totps: [] },
        session: {
          session_id: "session-test-1",
          expires_at: "2026-11-20T11:00:00Z",
          authentication_factors: [],
        },
        session_token: "t",
        session_jwt: jwt(sub),
      },
    });
    const good = await clientWith(answering(200, answer("user-test-1"))).refreshSession(session);
    expect(good.claims.sub).toBe("user-test-1");
    const bad = await errorOf(clientWith(answering(200, answer("user-test-2"))).refreshSession(session));
    expect(bad.code).toBe("authenticator-unexpected");
  });
});

describe("a call that gets no answer", () => {
  const never: Fetch = (_input, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
    });

  test("ends with a sentence when its time is over", async () => {
    const error = await errorOf(clientWith(never, 1).email.send(EMAIL));
    expect(error.code).toBe("authenticator-timeout");
  });

  test("ends when the caller gives it up, with the caller's reason", async () => {
    const controller = new AbortController();
    const call = clientWith(never).email.send(EMAIL, { signal: controller.signal });
    const reason = new Error("the window was closed");
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

test("no error holds a token, a code, an address or a secret, whatever the authenticator answers", async () => {
  const leaks = [SECRET_TOKEN, CODE, EMAIL, PHONE, PASSWORD, VERIFIER, "device-secret", "abcd-efgh-1234"];
  const echo = fc.constantFrom(...leaks, `${PUBLIC_TOKEN}:${SECRET_TOKEN}`);
  const body = fc.oneof(
    fc.record({
      error_type: echo,
      error_message: echo,
      request_id: echo,
      error_details: fc.record({ reason: echo }),
    }),
    fc.record({
      data: fc.record({ user_id: echo, session_token: echo, session_jwt: echo, method_id: fc.constant(1) }),
    }),
    echo,
  );
  const network: Fetch[] = leaks.map((leak) => () => {
    const failure = new TypeError(`fetch failed for ${leak}`, { cause: new Error(leak) });
    return Promise.reject(failure);
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc
          .tuple(fc.constantFrom(200, 400, 401, 404, 429, 500), body)
          .map(([status, json]) => answering(status, json)),
        fc.constantFrom(...network),
      ),
      async (fetch) => {
        for (const call of secretCalls(clientWith(fetch))) {
          const error = await errorOf(call);
          const everything = `${inspect(error, { depth: 10 })} ${JSON.stringify(error)}`;
          for (const leak of leaks) expect(everything).not.toContain(leak);
        }
      },
    ),
    { numRuns: 200 },
  );
});
