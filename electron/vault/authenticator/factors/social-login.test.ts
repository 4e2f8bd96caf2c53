import { z } from "zod";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { LOGIN_PROVIDERS, type LoginProvider } from "#core/security/login-providers.ts";
import { createPkce } from "../pkce.ts";
import { tokenInRedirect } from "./social-login.ts";
import { ClientHarness, EMAIL, expectError } from "../testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const REDIRECT = "trivet://oauth";
const zLocation = z.string().min(1);

/** What the person and the system browser do. @returns the address in the app where the browser ends */
async function browse(start: URL, decision: "continue" | "cancel", email = EMAIL): Promise<URL> {
  const next = async (url: URL, init: RequestInit = {}) => {
    const response = await fetch(url, { redirect: "manual", ...init });
    return new URL(zLocation.parse(response.headers.get("location")), url);
  };
  const page = await next(start);
  const state = page.searchParams.get("state") ?? "";
  const body = new URLSearchParams({ state, email, decision });
  return next(await next(new URL(page.pathname, page), { method: "POST", body }));
}

const start = (challenge: string, provider: LoginProvider = "google", attachToken?: string) =>
  world.client.login.startUrl({
    provider,
    redirectUrl: REDIRECT,
    codeChallenge: challenge,
    ...(attachToken === undefined ? {} : { attachToken }),
  });

describe("a social login", () => {
  test.each(LOGIN_PROVIDERS)("with %s logs in and stands in the claims", async (provider) => {
    const { verifier, challenge } = createPkce();
    const back = await browse(start(challenge, provider), "continue");
    const token = tokenInRedirect(back, "oauth");
    const session = await world.client.login.verify({ token, codeVerifier: verifier });
    const [login] = session.user.logins;
    expect(login?.provider.toLowerCase()).toBe(provider);
    expect(listFactors(session.claims)).toMatchObject([{ type: "oauth", id: login?.registrationId }]);
  });

  test("is added to the person who is logged in, and removed", async () => {
    const { login } = world.client;
    const session = await world.addPhone(await world.logIn());
    const { verifier, challenge } = createPkce();
    const attachToken = await login.attach(session, "google");
    const back = await browse(start(challenge, "google", attachToken), "continue", "ada@gmail.example");
    const token = tokenInRedirect(back, "oauth");
    const proved = await login.verify({ token, codeVerifier: verifier, session });
    expect(proved.token).toBe(session.token);
    const registrationId = proved.user.logins[0]?.registrationId ?? "";
    expect((await login.remove(proved, registrationId)).logins).toEqual([]);
    await expectError(login.remove(proved, registrationId), "login-missing");
  });

  test("has a sentence for every way it can fail", async () => {
    const { login } = world.client;
    const { verifier, challenge } = createPkce();
    const declined = await browse(start(challenge), "cancel");
    expect(() => tokenInRedirect(declined, "oauth")).toThrow(/not completed/);
    const token = tokenInRedirect(await browse(start(challenge), "continue"), "oauth");
    await expectError(login.verify({ token, codeVerifier: createPkce().verifier }), "login-not-ours");
    await login.verify({ token, codeVerifier: verifier });
    await expectError(login.verify({ token, codeVerifier: verifier }), "login-expired");
    const other = await world.logIn("bob@example.com");
    const second = tokenInRedirect(await browse(start(challenge), "continue"), "oauth");
    await expectError(
      login.verify({ token: second, codeVerifier: verifier, session: other }),
      "other-person",
    );
  });

  test("takes no token of another kind", () => {
    const redirect = new URL("trivet://reset?stytch_token_type=reset_password&token=abc");
    expect(tokenInRedirect(redirect, "reset_password")).toBe("abc");
    expect(() => tokenInRedirect(redirect, "oauth")).toThrow();
    expect(() =>
      tokenInRedirect(new URL("trivet://oauth?stytch_token_type=oauth&token="), "oauth"),
    ).toThrow();
  });
});

test("each PKCE verifier is new, long and of the characters that RFC 7636 allows", () => {
  const pairs = Array.from({ length: 20 }, createPkce);
  expect(new Set(pairs.map(({ verifier }) => verifier)).size).toBe(20);
  for (const { verifier, challenge } of pairs) {
    expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(challenge).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(challenge).not.toBe(verifier);
  }
});
