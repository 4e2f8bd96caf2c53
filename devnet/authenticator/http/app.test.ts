import { request } from "node:http";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { COMMON_ENDPOINTS, FACTORS } from "../factors/index.ts";
import { sessionEndpoints } from "../sessions/endpoints.ts";
import { userEndpoints } from "../users/endpoints.ts";
import { AuthenticatorHarness, sdkHeaders } from "../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

/** A request with headers that fetch does not let one set. */
async function raw(path: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${harness.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
}

/** Everything an app can send something to, with ids that nobody has. */
const PATHS = [
  ...FACTORS.flatMap(({ endpoints }) => endpoints),
  ...COMMON_ENDPOINTS,
  ...sessionEndpoints,
  ...userEndpoints,
]
  .filter(({ dialects, method }) => dialects.includes("sdk") && method !== "GET")
  .map(({ method, path }) => [method, path.replace(/:\w+/g, "x")] as const);

describe("the API", () => {
  test("answers every JSON with an answer of its own, never with a fault", async () => {
    const field = fc.constantFrom(
      "email",
      "phone_number",
      "password",
      "domain",
      "public_key_credential",
      "crypto_wallet_type",
      "crypto_wallet_address",
      "siwe_params",
      "signature",
      "provider",
      "code_verifier",
      "token",
      "code",
      "method_id",
      "totp_code",
      "recovery_code",
      "session_duration_minutes",
      "expiration_minutes",
      "untrusted_metadata",
      "user_id",
      "session_token",
      "__proto__",
    );
    const body = fc.oneof(fc.dictionary(field, fc.jsonValue({ maxDepth: 2 })), fc.jsonValue({ maxDepth: 2 }));
    const { body: sent } = await harness.sdk("POST", "/otps/email/login_or_create", {
      email: "ada@example.com",
    });
    const token = await harness.codeFor("ada@example.com");
    const { body: session } = await harness.sdk("POST", "/otps/authenticate", {
      method_id: sent.method_id,
      token,
      session_duration_minutes: 60,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        body,
        fc.boolean(),
        async ([method, path], json, loggedIn) => {
          const answer = await harness.sdk(
            method,
            path,
            json as object, // Deliberately anything.
            loggedIn ? String(session.session_token) : undefined,
          );
          expect([200, 400, 401, 404, 429]).toContain(answer.status);
          if (answer.status !== 200) expect(answer.body.error_type).toMatch(/^[a-z_]+$/);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("refuses broken JSON, long bodies and unknown paths in its own words", async () => {
    const headers = sdkHeaders();
    const send = (body: string) => fetch(`${harness.url}/sdk/v1/totps`, { method: "POST", headers, body });
    expect(await (await send("{")).json()).toMatchObject({ error_type: "bad_request" });
    expect(await (await send(JSON.stringify("x".repeat(70_000)))).json()).toMatchObject({
      error_type: "bad_request",
    });
    expect(await harness.sdk("GET", "/nothing")).toMatchObject({
      status: 404,
      body: { error_type: "route_not_found" },
    });
  });

  test("takes calls of its own project only, and only with the client's headers", async () => {
    const headers = { authorization: `Basic ${btoa("public-token-test-other:x")}` };
    const send = (extra: Record<string, string>) =>
      fetch(`${harness.url}/sdk/v1/users/me`, { headers: { ...headers, ...extra } });
    expect(await (await send({})).json()).toMatchObject({ error_type: "bad_request" });
    expect(await (await send({ "x-sdk-client": btoa("{}") })).json()).toMatchObject({
      error_type: "bad_request",
    });
    const response = await fetch(`${harness.url}/v1/users/user-1`, { headers });
    expect(await response.json()).toMatchObject({ error_type: "unauthorized_credentials", status_code: 401 });
  });

  test("lets pages of this computer call it with credentials, and no other page", async () => {
    const preflight = (origin: string) =>
      fetch(`${harness.url}/sdk/v1/otps/authenticate`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type,x-sdk-client,x-sdk-parent-host",
        },
      });
    const mine = await preflight("http://localhost:5173");
    expect(mine.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    expect(mine.headers.get("access-control-allow-credentials")).toBe("true");
    expect(mine.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("x-sdk-parent-host");
    const foreign = await preflight("https://evil.example");
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("the door", () => {
  test("opens only under names of this computer and the gate's name for it", async () => {
    const { port } = new URL(harness.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, "authenticator.trivet.test"]) {
      expect(await raw("/health", { host })).toBe(200);
    }
    for (const host of [
      "evil.example",
      `127.0.0.1.evil.example:${port}`,
      "authenticator.trivet.test.evil.example",
    ]) {
      expect(await raw("/health", { host })).toBe(421);
    }
  });

  test("keeps inbox and controls from web pages, also from those of this computer", async () => {
    for (const origin of ["https://evil.example", "http://localhost:5173", "null"]) {
      expect(await raw("/inbox", { origin })).toBe(403);
      expect(await raw("/phone", { origin })).toBe(403);
      expect(await raw("/control/clock", { origin }, "POST")).toBe(403);
      expect(await raw("/control/rotate-key", { origin }, "POST")).toBe(403);
    }
    expect(await raw("/inbox", { "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await raw("/inbox", { "sec-fetch-site": "none" })).toBe(200);
  });
});

describe("the clock", () => {
  const setClock = (body: unknown) =>
    fetch(`${harness.url}/control/clock`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  test("runs ahead of the computer's by what it was told, also after a restart", async () => {
    const response = await setClock({ offsetSeconds: 86_400 });
    expect(await response.json()).toEqual({ now: Math.floor(harness.time() / 1000) + 86_400 });
    await harness.restart();
    await harness.sdk("POST", "/otps/email/login_or_create", { email: "ada@example.com" });
    const [mail] = (await (await fetch(`${harness.url}/inbox`)).json()) as { sentAt: string }[];
    expect(Date.parse(mail?.sentAt ?? "")).toBe((Math.floor(harness.time() / 1000) + 86_400) * 1000);
  });

  test.each([{}, { offsetSeconds: 1.5 }, { offsetSeconds: "1" }, 7])("refuses %j", async (body) => {
    expect((await setClock(body)).status).toBe(400);
  });
});
