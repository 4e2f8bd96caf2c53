import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isOwnUrl } from "../../api/redirect.ts";
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
const VERIFIER = "a-code-verifier-of-forty-three-characters-xyz";
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
const APP = "trivet://oauth?flow=7";

/** A browser that follows no redirect by itself. */
const visit = (url: URL | string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });
const locationOf = (response: Response) => new URL(response.headers.get("location") ?? "", harness.url);

function startUrl(parameters: Record<string, string> = {}, provider = "google"): URL {
  const url = new URL(`${harness.url}/v1/public/oauth/${provider}/start`);
  url.search = new URLSearchParams({
    public_token: harness.running.identity.publicToken,
    code_challenge: CHALLENGE,
    login_redirect_url: APP,
    ...parameters,
  }).toString();
  return url;
}

function decide(providerPage: URL, decision: Record<string, string>, headers: Record<string, string> = {}) {
  const state = providerPage.searchParams.get("state") ?? "";
  return visit(`${harness.url}${providerPage.pathname}`, {
    method: "POST",
    headers: { origin: harness.url, ...headers }, // As browsers send it.
    body: new URLSearchParams({ state, ...decision }),
  });
}

/** The whole way of the browser. @returns where it ends: the app, with a token */
async function logInAtProvider(
  email = EMAIL,
  parameters: Record<string, string> = {},
  provider?: string,
): Promise<URL> {
  const providerPage = locationOf(await visit(startUrl(parameters, provider)));
  expect((await visit(providerPage)).status).toBe(200);
  const decided = await decide(providerPage, { decision: "continue", email });
  return locationOf(await visit(locationOf(decided)));
}

const redeem = (token: string | null, session?: string, verifier: string | undefined = VERIFIER) =>
  harness.sdk(
    "POST",
    "/oauth/authenticate",
    { token, code_verifier: verifier, session_duration_minutes: 60 },
    session,
  );

async function attach(session: string, provider = "google"): Promise<string> {
  const { body } = await harness.sdk("POST", "/oauth/attach", { provider }, session);
  return String(body.oauth_attach_token);
}

describe("a social login", () => {
  test("leads from the provider's page into the app, which redeems the token", async () => {
    const back = await logInAtProvider();
    expect(back.protocol).toBe("trivet:");
    expect(back.searchParams.get("flow")).toBe("7");
    expect(back.searchParams.get("stytch_token_type")).toBe("oauth");
    const { status, body } = await redeem(back.searchParams.get("token"));
    expect(status).toBe(200);
    const id = body.oauth_user_registration_id;
    expect(id).toMatch(/^oauth-user-test-/);
    expect(body).toMatchObject({
      provider_type: "Google",
      user: {
        emails: [{ email: EMAIL, verified: true }],
        providers: [{ oauth_user_registration_id: id, provider_type: "Google" }],
      },
      session: {
        authentication_factors: [
          {
            type: "oauth",
            delivery_method: "oauth_google",
            google_oauth_factor: { id, provider_subject: body.provider_subject },
          },
        ],
      },
    });
  });

  test.each([
    ["apple", "Apple"],
    ["github", "Github"],
    ["microsoft", "Microsoft"],
  ])("works with %s", async (provider, type) => {
    const { body } = await redeem((await logInAtProvider(EMAIL, {}, provider)).searchParams.get("token"));
    expect(body).toMatchObject({
      provider_type: type,
      session: { authentication_factors: [{ [`${provider}_oauth_factor`]: expect.anything() as object }] },
    });
  });

  test("finds the same person again, and by her verified address, but nobody by an unverified one", async () => {
    const ada = await harness.session(await harness.logIn(EMAIL));
    const first = await redeem((await logInAtProvider()).searchParams.get("token"));
    const second = await redeem((await logInAtProvider()).searchParams.get("token"));
    expect([first.body.user_id, second.body.user_id]).toEqual([ada.user_id, ada.user_id]);
    expect(second.body.oauth_user_registration_id).toBe(first.body.oauth_user_registration_id);

    const bob = await harness.logIn("bob@example.com");
    await harness.sdk("POST", "/otps/email/send/secondary", { email: "eve@example.com" }, bob);
    const eve = await redeem((await logInAtProvider("eve@example.com")).searchParams.get("token"));
    expect(eve.body.user_id).not.toBe((await harness.session(bob)).user_id);
  });

  test("takes an address from who only chose a password for it", async () => {
    const trap = await harness.sdk("POST", "/passwords", {
      email: EMAIL,
      password: "correct horse battery staple 7",
      session_duration_minutes: 60,
    });
    await logInAtProvider();
    const session = String(trap.body.session_token);
    expect((await harness.sdk("GET", "/users/me", undefined, session)).body.error_type).toBe(
      "session_not_found",
    );
  });

  test("is worth nothing to who sees the token but did not start the flow", async () => {
    const token = (await logInAtProvider()).searchParams.get("token");
    const without = await harness.sdk("POST", "/oauth/authenticate", { token });
    expect(without.body.error_type).toBe("pkce_expected_code_verifier");
    const other = await redeem(token, undefined, VERIFIER.replace("a-code", "b-code"));
    expect(other.body.error_type).toBe("pkce_mismatch");
    expect((await redeem(token, undefined, "short")).body.error_type).toBe("invalid_pkce_code_verifier");
    expect((await redeem(token)).status).toBe(200);
  });

  test("is redeemed once and within two minutes", async () => {
    const token = (await logInAtProvider()).searchParams.get("token");
    const answers = await Promise.all([redeem(token), redeem(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    const late = (await logInAtProvider()).searchParams.get("token");
    harness.advance(120);
    expect((await redeem(late)).body.error_type).toBe("oauth_token_not_found");
  });

  test("is added to the person who is logged in by a token for it, used once", async () => {
    const session = await harness.logIn(EMAIL);
    const attachToken = await attach(session);
    const back = await logInAtProvider("ada@gmail.example", { oauth_attach_token: attachToken });
    const { body } = await redeem(back.searchParams.get("token"), session);
    expect(body).toMatchObject({
      session_token: session,
      user: {
        emails: [{ email: EMAIL }, { email: "ada@gmail.example", verified: true }],
        providers: [{ provider_type: "Google" }],
      },
      session: { authentication_factors: [{ type: "otp" }, { type: "oauth" }] },
    });
    const again = await visit(startUrl({ oauth_attach_token: attachToken }));
    expect(again.status).toBe(400);
    expect(await again.text()).toContain("invalid_oauth_attach_token");
  });

  test("is not added from one person to another, nor to a session of another", async () => {
    const ada = await redeem((await logInAtProvider()).searchParams.get("token"));
    const bob = await harness.logIn("bob@example.com");
    const stolen = (await logInAtProvider()).searchParams.get("token");
    expect((await redeem(stolen, bob)).body.error_type).toBe("user_id_mismatch");
    const page = locationOf(await visit(startUrl({ oauth_attach_token: await attach(bob) })));
    const decided = await decide(page, { decision: "continue", email: EMAIL });
    const end = await visit(locationOf(decided));
    expect(end.status).toBe(400);
    expect(await end.text()).toContain("user_id_mismatch");
    expect(ada.status).toBe(200);
  });

  test("is of the mailbox's category; adding needs two categories once there are two", async () => {
    const session = await harness.provePhone("+41790000001", await harness.logIn(EMAIL));
    const weak = await harness.logIn(EMAIL);
    await redeem((await logInAtProvider()).searchParams.get("token"), weak);
    const answer = await harness.sdk("POST", "/oauth/attach", { provider: "github" }, weak);
    expect(answer.body.error_type).toBe("insufficient_factors");
    expect(await attach(session, "github")).toMatch(/^[\w-]{43}$/);
  });

  test("is removed by the rule of two categories, and never the last way in", async () => {
    const { body } = await redeem((await logInAtProvider("eve@gmail.example")).searchParams.get("token"));
    const session = String(body.session_token);
    const path = `/users/oauth/${String(body.oauth_user_registration_id)}`;
    expect((await harness.sdk("DELETE", path, {}, session)).body.error_type).toBe("insufficient_factors");
    await harness.provePhone("+41790000001", session);
    expect((await harness.sdk("DELETE", path, {}, session)).body).toMatchObject({ user: { providers: [] } });
    expect((await harness.session(session)).session).toMatchObject({
      authentication_factors: [{ delivery_method: "sms" }],
    });
    expect((await harness.sdk("DELETE", path, {}, session)).body.error_type).toBe(
      "oauth_user_registration_not_found",
    );
  });
});

describe("the browser", () => {
  test("comes back with an error when the person declines", async () => {
    const page = locationOf(await visit(startUrl()));
    const back = locationOf(await visit(locationOf(await decide(page, { decision: "cancel" }))));
    expect(back.href).toBe("trivet://oauth?flow=7&error=access_denied");
  });

  test("is led back to who signs up when that is another address", async () => {
    const signup = { signup_redirect_url: "http://127.0.0.1:9/signup" };
    expect((await logInAtProvider(EMAIL, signup)).pathname).toBe("/signup");
    expect((await logInAtProvider(EMAIL, signup)).protocol).toBe("trivet:");
  });

  test.each([
    ["no_match_for_provided_oauth_url", { login_redirect_url: "https://evil.example/" }],
    ["no_match_for_provided_oauth_url", { signup_redirect_url: "http://127.0.0.1.evil.example/" }],
    ["no_login_redirect_urls_set", { login_redirect_url: "" }],
    ["invalid_pkce_code_challenge", { code_challenge: "" }],
    ["unauthorized_credentials", { public_token: "public-token-test-other" }],
    ["invalid_oauth_attach_token", { oauth_attach_token: "guess" }],
  ])("is told %s for %j", async (type, parameters) => {
    const response = await visit(startUrl(parameters));
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).toContain(type);
  });

  test("finds no provider that the devnet does not play", async () => {
    expect(await (await visit(startUrl({}, "tiktok"))).text()).toContain("invalid_oauth_provider");
    const session = await harness.logIn(EMAIL);
    const answer = await harness.sdk("POST", "/oauth/attach", { provider: "tiktok" }, session);
    expect(answer.body.error_type).toBe("invalid_oauth_provider");
  });

  test("cannot end a flow without the provider's code, twice, late, or at another provider", async () => {
    const callback = (parameters: Record<string, string>) =>
      visit(`${harness.url}/v1/oauth/callback/google?${new URLSearchParams(parameters).toString()}`);
    const page = locationOf(await visit(startUrl()));
    const state = page.searchParams.get("state") ?? "";
    expect((await visit(`${harness.url}/devnet-login/github?state=${state}`)).status).toBe(400);
    expect(await (await callback({ state, code: "guess" })).text()).toContain("oauth_auth_code_error");
    expect(await (await callback({ state, code: "guess" })).text()).toContain("oauth_invalid_state");

    const second = locationOf(await visit(startUrl()));
    const answered = locationOf(await decide(second, { decision: "continue", email: EMAIL }));
    harness.advance(600);
    expect(await (await visit(answered)).text()).toContain("oauth_invalid_state");
  });

  test("decides on the provider's own page only, where nothing else may run or frame it", async () => {
    const page = locationOf(await visit(startUrl()));
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { "sec-fetch-site": "cross-site" },
    ];
    for (const headers of foreign) {
      const response = await decide(page, { decision: "continue", email: EMAIL }, headers);
      expect(response.status).toBe(403);
    }
    const policy = (await visit(page)).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test("is shown what it was sent with as text only", async () => {
    const response = await visit(
      `${harness.url}/devnet-login/google?state=${encodeURIComponent('"><script>')}`,
    );
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain("<script>");
  });
});

test("a browser is sent to this computer or into the app, wherever it is asked to go", () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl({ validSchemes: ["http", "https", "ftp"] }), fc.string()), (text) => {
      if (!URL.canParse(text)) return;
      const url = new URL(text);
      const expected =
        url.protocol === "trivet:" ||
        (url.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname));
      expect(isOwnUrl(url)).toBe(expected && url.username === "" && url.password === "");
    }),
  );
  expect(isOwnUrl(new URL("http://localhost:1/x"))).toBe(true);
  expect(isOwnUrl(new URL("http://evil@localhost:1/x"))).toBe(false);
  expect(isOwnUrl(new URL("https://localhost/"))).toBe(false);
});
