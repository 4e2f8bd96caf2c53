import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthenticatorHarness } from "../../testing/harness.ts";
import { SoftPasskey } from "../../testing/soft-passkey.ts";
import { originFor } from "./credential.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";
const DOMAIN = "wallet.example";

const post = (path: string, body: object, session?: string) =>
  harness.sdk("POST", `/webauthn${path}`, body, session);

async function creationOptions(session: string, body: object = {}) {
  const { body: answer } = await post(
    "/register/start",
    { domain: DOMAIN, user_agent: "test", ...body },
    session,
  );
  return answer.public_key_credential_creation_options;
}

const register = (credential: string, session: string) =>
  post("/register", { public_key_credential: credential, session_duration_minutes: 60 }, session);

async function requestOptions(session?: string, domain = DOMAIN) {
  const path = `/authenticate/start/${session === undefined ? "primary" : "secondary"}`;
  return (await post(path, { domain }, session)).body.public_key_credential_request_options;
}

const authenticate = (credential: string, session?: string) =>
  post("/authenticate", { public_key_credential: credential, session_duration_minutes: 60 }, session);

/** Somebody with a mailbox and a passkey. */
async function withPasskey(passkey: SoftPasskey, email = EMAIL): Promise<string> {
  const session = await harness.logIn(email);
  const { status } = await register(passkey.create(await creationOptions(session)), session);
  expect(status).toBe(200);
  return session;
}

const REFUSED = { status: 401, body: { error_type: "unable_to_auth_webauthn_registration" } };

describe("a passkey", () => {
  test("is registered for the person who is logged in, and stands in the session", async () => {
    const session = await harness.logIn(EMAIL);
    const { status, body } = await register(
      new SoftPasskey().create(await creationOptions(session)),
      session,
    );
    expect(status).toBe(200);
    const id = body.webauthn_registration_id;
    expect(id).toMatch(/^webauthn-registration-test-/);
    expect(body).toMatchObject({
      user: { webauthn_registrations: [{ webauthn_registration_id: id, domain: DOMAIN, verified: true }] },
      session: {
        authentication_factors: [
          { type: "otp" },
          {
            type: "webauthn",
            delivery_method: "webauthn_registration",
            webauthn_factor: { webauthn_registration_id: id, domain: DOMAIN, user_agent: "test" },
          },
        ],
      },
    });
  });

  test("logs its owner in without a name, and proves itself again in a session", async () => {
    const passkey = new SoftPasskey();
    const session = await withPasskey(passkey);
    const owner = (await harness.session(session)).user_id;
    const alone = await authenticate(passkey.get(await requestOptions()));
    expect(alone.body).toMatchObject({
      user_id: owner,
      session: { authentication_factors: [{ type: "webauthn" }] },
    });
    harness.advance(60);
    const again = await authenticate(passkey.get(await requestOptions(session)), session);
    expect(again.body).toMatchObject({ session_token: session });
    expect(again.body.session).toMatchObject({
      authentication_factors: [{ type: "otp" }, { type: "webauthn" }],
    });
  });

  test("is offered what Stytch offers for passkeys", async () => {
    const session = await withPasskey(new SoftPasskey());
    const options = await creationOptions(session, {
      return_passkey_credential_options: true,
      authenticator_type: "platform",
      override_display_name: "Ada",
    });
    expect(JSON.parse(String(options))).toMatchObject({
      rp: { id: DOMAIN },
      user: { name: EMAIL, displayName: "Ada" },
      authenticatorSelection: {
        residentKey: "required",
        userVerification: "preferred",
        authenticatorAttachment: "platform",
      },
      excludeCredentials: [{ type: "public-key" }],
    });
  });

  test("answers each question once, and in five minutes", async () => {
    const passkey = new SoftPasskey();
    const session = await withPasskey(passkey);
    const credential = passkey.get(await requestOptions());
    const answers = await Promise.all([authenticate(credential), authenticate(credential)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const late = passkey.get(await requestOptions());
    harness.advance(300);
    expect(await authenticate(late)).toMatchObject(REFUSED);
    const second = new SoftPasskey();
    const lateOptions = await creationOptions(session);
    harness.advance(300);
    expect((await register(second.create(lateOptions), session)).body.error_type).toBe(
      "no_pending_webauthn_registration",
    );
  });

  test.each([
    ["of another page", { origin: "https://evil.example" }],
    ["of a page whose name only begins like ours", { origin: "https://wallet.example.evil.example" }],
    ["of an unencrypted page", { origin: "http://wallet.example" }],
    ["for another relying party", { rpId: "evil.example" }],
    ["of another kind", { type: "payment.get" }],
    ["to another question", { challenge: "AAAA" }],
    ["without anybody present", { userPresent: false }],
    ["by a clone that lags behind", { counter: 0 }],
  ])("is refused when its answer is one %s, which locks nobody out", async (_, lies) => {
    const passkey = new SoftPasskey();
    await withPasskey(passkey);
    expect((await authenticate(passkey.get(await requestOptions()))).status).toBe(200);
    for (let i = 0; i < 10; i++) {
      expect(await authenticate(passkey.get(await requestOptions(), lies))).toMatchObject(REFUSED);
    }
    expect((await authenticate(passkey.get(await requestOptions()))).status).toBe(200);
  });

  test.each([
    ["of another page", { origin: "https://evil.example" }],
    ["for another relying party", { rpId: "evil.example" }],
    ["of another kind", { type: "webauthn.get" }],
    ["without anybody present", { userPresent: false }],
  ])("is not registered with an answer %s", async (_, lies) => {
    const session = await harness.logIn(EMAIL);
    const answer = await register(new SoftPasskey().create(await creationOptions(session), lies), session);
    expect(answer.body.error_type).toBe("unable_to_register_webauthn_registration");
  });

  test("of a page below the domain counts too", async () => {
    const passkey = new SoftPasskey("https://app.wallet.example");
    await withPasskey(passkey);
    expect((await authenticate(passkey.get(await requestOptions()))).status).toBe(200);
  });

  test("with another key under the same id is refused", async () => {
    const passkey = new SoftPasskey();
    await withPasskey(passkey);
    const forged = JSON.parse(new SoftPasskey().get(await requestOptions())) as object;
    const id = passkey.id.toString("base64url");
    expect(await authenticate(JSON.stringify({ ...forged, id, rawId: id }))).toMatchObject(REFUSED);
  });

  test("cannot be registered twice, nor for another person's question", async () => {
    const passkey = new SoftPasskey();
    const ada = await withPasskey(passkey);
    expect((await register(passkey.create(await creationOptions(ada)), ada)).body.error_type).toBe(
      "duplicate_webauthn_registration",
    );
    const bob = await harness.logIn("bob@example.com");
    const options = await creationOptions(ada);
    expect((await register(new SoftPasskey().create(options), bob)).body.error_type).toBe(
      "no_pending_webauthn_registration",
    );
  });

  test("proves nothing in another person's session, nor for a question asked of her", async () => {
    const adas = new SoftPasskey();
    const bobs = new SoftPasskey();
    const ada = await withPasskey(adas);
    const bob = await withPasskey(bobs, "bob@example.com");
    expect((await authenticate(bobs.get(await requestOptions()), ada)).body.error_type).toBe(
      "user_id_mismatch",
    );
    expect(await authenticate(bobs.get(await requestOptions(ada)))).toMatchObject(REFUSED);
    expect((await authenticate(bobs.get(await requestOptions(bob)), bob)).status).toBe(200);
  });

  test("is asked for by the domain it was made for", async () => {
    const session = await withPasskey(new SoftPasskey());
    const start = await post("/authenticate/start/secondary", { domain: "localhost" }, session);
    expect(start.body.error_type).toBe("no_active_webauthn_registrations");
    const passkey = new SoftPasskey("http://localhost:1234");
    const options = await creationOptions(session, { domain: "localhost" });
    expect((await register(passkey.create(options), session)).status).toBe(200);
    expect(
      (await authenticate(passkey.get(await requestOptions(session, "localhost")), session)).status,
    ).toBe(200);
    expect(await authenticate(passkey.get(await requestOptions()))).toMatchObject(REFUSED);
  });

  test("is named by its owner", async () => {
    const session = await withPasskey(new SoftPasskey());
    const { user } = (await harness.session(session)) as {
      user: { webauthn_registrations: { webauthn_registration_id: string }[] };
    };
    const path = `/webauthn/update/${user.webauthn_registrations[0]?.webauthn_registration_id ?? ""}`;
    expect((await harness.sdk("PUT", path, { name: " Blue key " }, session)).body).toMatchObject({
      webauthn_registration: { name: "Blue key" },
    });
    expect((await harness.sdk("PUT", path, { name: " " }, session)).body.error_type).toBe(
      "empty_webauthn_registration_name",
    );
    const bob = await harness.logIn("bob@example.com");
    expect((await harness.sdk("PUT", path, { name: "x" }, bob)).body.error_type).toBe(
      "webauthn_registration_not_found",
    );
  });

  test("is added and removed by the rule of two categories", async () => {
    const passkey = new SoftPasskey();
    const session = await withPasskey(passkey);
    const emailOnly = await harness.logIn(EMAIL);
    const start = await post("/register/start", { domain: DOMAIN }, emailOnly);
    expect(start.body.error_type).toBe("insufficient_factors");
    const { body } = await authenticate(passkey.get(await requestOptions()));
    const id = String(body.webauthn_registration_id);
    const remove = (token: string) => harness.sdk("DELETE", `/users/webauthn_registrations/${id}`, {}, token);
    expect((await remove(emailOnly)).body.error_type).toBe("insufficient_factors");
    expect((await remove(session)).body).toMatchObject({ user: { webauthn_registrations: [] } });
    expect(await authenticate(passkey.get(await requestOptions()))).toMatchObject(REFUSED);
    expect((await harness.session(session)).session).toMatchObject({
      authentication_factors: [{ type: "otp" }],
    });
  });

  test("is one of twenty at most", async () => {
    const session = await withPasskey(new SoftPasskey());
    for (let i = 1; i < 20; i++) {
      const { status } = await register(new SoftPasskey().create(await creationOptions(session)), session);
      expect(status).toBe(200);
    }
    const last = await register(new SoftPasskey().create(await creationOptions(session)), session);
    expect(last.body.error_type).toBe("too_many_user_registrations_for_domain");
  });

  test("does not get a locked person in", async () => {
    const passkey = new SoftPasskey();
    await withPasskey(passkey);
    for (let round = 0; round < 2; round++) {
      const { body } = await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
      const code = await harness.codeFor(EMAIL);
      const token = code === "000000" ? "000001" : "000000";
      for (let i = 0; i < 5; i++) {
        await harness.sdk("POST", "/otps/authenticate", { method_id: body.method_id, token });
      }
    }
    expect((await authenticate(passkey.get(await requestOptions()))).body.error_type).toBe(
      "user_lock_limit_reached",
    );
  });
});

describe("an answer of a passkey", () => {
  test("that is nonsense is refused as such, whatever it is", async () => {
    const passkey = new SoftPasskey();
    const session = await withPasskey(passkey);
    const options = await requestOptions();
    const good = JSON.parse(passkey.get(options)) as Record<string, unknown>;
    const response = good.response as Record<string, unknown>;
    const damaged = fc
      .tuple(
        fc.constantFrom(...Object.keys(good), ...Object.keys(response)),
        fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.base64String()),
      )
      .map(([field, value]) =>
        field in response
          ? { ...good, response: { ...response, [field]: value } }
          : { ...good, [field]: value },
      );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          damaged.map((credential) => JSON.stringify(credential)),
        ),
        async (credential) => {
          for (const path of ["/authenticate", "/register"]) {
            const { status, body } = await post(path, { public_key_credential: credential }, session);
            if (status === 200) continue; // A field that nothing depends on, such as the extensions.
            expect([400, 401]).toContain(status);
            expect(body.error_type).toMatch(/webauthn|public_key_credential/);
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  test("comes from https on the domain, or http on localhost, and from nowhere else", () => {
    const answer = (origin: string) => ({
      response: {
        clientDataJSON: Buffer.from(JSON.stringify({ origin, challenge: "" })).toString("base64url"),
      },
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom("app://wallet.example", "file://wallet.example")),
        (origin) => {
          expect(originFor(DOMAIN, answer(origin))).toMatch(/^https:\/\/(.+\.)?wallet\.example(:\d+)?$/);
          expect(originFor("localhost", answer(origin))).toMatch(/^https?:\/\/(.+\.)?localhost(:\d+)?$/);
        },
      ),
    );
    expect(originFor("localhost", answer("http://localhost:5173"))).toBe("http://localhost:5173");
  });

  test.each(["", "127.0.0.1", "com", "https://wallet.example", "wallet..example", 7])(
    "is not asked for under the domain %j",
    async (domain) => {
      const answer = await post("/authenticate/start/primary", { domain });
      expect(answer.body.error_type).toBe("invalid_domain");
    },
  );
});
