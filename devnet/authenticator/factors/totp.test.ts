import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
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

async function logIn(session?: string): Promise<string> {
  const { body } = await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
  const token = await harness.codeFor(EMAIL);
  const answer = await harness.sdk(
    "POST",
    "/otps/authenticate",
    { method_id: body.method_id, token, session_duration_minutes: 1440 },
    session,
  );
  return String(answer.body.session_token);
}

const zSetUp = z.object({
  totp_id: z.string(),
  secret: z.string(),
  qr_code: z.string(),
  recovery_codes: z.array(z.string()),
});
type SetUp = z.output<typeof zSetUp>;

async function setUp(session: string): Promise<SetUp> {
  return zSetUp.parse((await harness.sdk("POST", "/totps", {}, session)).body);
}

/** The code the app shows, `steps` time steps from now. */
function appCode({ secret }: SetUp, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: harness.time() + steps * 30_000,
  });
}

function prove(session: string, totpCode: string): Promise<ApiAnswer> {
  return harness.sdk(
    "POST",
    "/totps/authenticate",
    { totp_code: totpCode, session_duration_minutes: 60 },
    session,
  );
}

function recover(session: string, recoveryCode: string): Promise<ApiAnswer> {
  return harness.sdk(
    "POST",
    "/totps/recover",
    { recovery_code: recoveryCode, session_duration_minutes: 60 },
    session,
  );
}

/** Six digits that none of the accepted time steps shows. */
function wrongCode(app: SetUp): string {
  const right = [-1, 0, 1].map((steps) => appCode(app, steps));
  return ["000000", "000001", "000002", "000003"].find((code) => !right.includes(code)) ?? "";
}

describe("an authenticator app", () => {
  test("is verified by its first code, which goes into the session", async () => {
    const session = await logIn();
    const app = await setUp(session);
    expect(app.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(app.qr_code).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(new Set(app.recovery_codes).size).toBe(10);
    expect((await harness.sdk("GET", "/users/me", undefined, session)).body.totps).toEqual([
      { totp_id: app.totp_id, verified: false },
    ]);

    const { status, body } = await prove(session, appCode(app));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      totp_id: app.totp_id,
      session_token: session,
      user: { totps: [{ totp_id: app.totp_id, verified: true }] },
      session: {
        authentication_factors: [
          { type: "otp", delivery_method: "email" },
          {
            type: "totp",
            delivery_method: "authenticator_app",
            authenticator_app_factor: { totp_id: app.totp_id },
          },
        ],
      },
    });
  });

  test("is accepted one time step early or late, not two", async () => {
    const session = await logIn();
    const app = await setUp(session);
    expect((await prove(session, appCode(app, -2))).body.error_type).toBe("unable_to_authenticate_totp");
    expect((await prove(session, appCode(app, 2))).body.error_type).toBe("unable_to_authenticate_totp");
    expect((await prove(session, appCode(app, -1))).status).toBe(200);
    expect((await prove(session, appCode(app, 1))).status).toBe(200);
  });

  test("has every code counted once, also when it is sent twice at the same time", async () => {
    const session = await logIn();
    const app = await setUp(session);
    const code = appCode(app);
    const answers = await Promise.all([prove(session, code), prove(session, code), prove(session, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await prove(session, code)).body.error_type).toBe("totp_code_already_authenticated");
    expect((await prove(session, appCode(app, -1))).body.error_type).toBe("totp_code_already_authenticated");
    harness.advance(30);
    expect((await prove(session, appCode(app))).status).toBe(200);
  });

  test("must be verified in time and can be set up again", async () => {
    const session = await logIn();
    const app = zSetUp.parse((await harness.sdk("POST", "/totps", { expiration_minutes: 5 }, session)).body);
    harness.advance(300);
    expect((await prove(session, appCode(app))).body.error_type).toBe("expired_totp");
    const again = await setUp(session);
    expect(again.totp_id).not.toBe(app.totp_id);
    expect((await prove(session, appCode(again))).status).toBe(200);
  });

  test("needs somebody who is logged in", async () => {
    expect((await harness.sdk("POST", "/totps", {})).body.error_type).toBe("user_unauthenticated");
    expect((await harness.sdk("POST", "/totps", {}, "no-session")).body.error_type).toBe("session_not_found");
    const session = await logIn();
    expect((await prove(session, "123456")).body.error_type).toBe("totps_not_found_for_user");
    expect((await recover(session, "aaaa-bbbb-cccc")).body.error_type).toBe("totps_not_found_for_user");
  });

  test("takes nobody's word for who is logged in", async () => {
    const session = await logIn();
    const { body } = await harness.sdk("GET", "/users/me", undefined, session);
    const answer = await harness.sdk("POST", "/totps", { user_id: body.user_id });
    expect(answer.body.error_type).toBe("user_unauthenticated");
  });

  test("shares the row of failures with every other factor", async () => {
    const session = await logIn();
    const app = await setUp(session);
    for (let i = 1; i < LIMITS.failuresPerLock; i++) {
      expect((await prove(session, wrongCode(app))).body.error_type).toBe("unable_to_authenticate_totp");
    }
    expect((await prove(session, wrongCode(app))).body.error_type).toBe("user_lock_limit_reached");
    expect((await prove(session, appCode(app))).body.error_type).toBe("user_lock_limit_reached");
    const sent = await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL });
    expect(sent.body.error_type).toBe("user_lock_limit_reached");
  });
});

describe("a recovery code", () => {
  test("stands in for the lost app once", async () => {
    const session = await logIn();
    const app = await setUp(session);
    await prove(session, appCode(app));
    const [first = "", second = ""] = app.recovery_codes;
    const answer = await recover(session, ` ${first.toUpperCase()} `);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      session: {
        authentication_factors: [
          { type: "otp" },
          { type: "totp" },
          { type: "recovery_codes", delivery_method: "recovery_code" },
        ],
      },
    });
    expect((await recover(session, first)).body.error_type).toBe("unable_to_authenticate_recovery_code");
    expect((await recover(session, second)).status).toBe(200);
  });

  test("is told again, while it is not used up, to who proves factors of two categories", async () => {
    const mailbox = await logIn();
    const app = await setUp(mailbox);
    const asked = (session: string) => harness.sdk("POST", "/totps/recovery_codes", {}, session);
    expect((await asked(mailbox)).body.error_type).toBe("totps_not_found_for_user");
    await prove(mailbox, appCode(app));
    const [used = "", ...others] = app.recovery_codes;
    const other = await logIn();
    expect((await asked(other)).body.error_type).toBe("insufficient_factors");
    await recover(other, used);
    expect((await asked(other)).body.totps).toEqual([
      { totp_id: app.totp_id, verified: true, recovery_codes: others },
    ]);
  });

  test("is worth nothing before the app was verified", async () => {
    const session = await logIn();
    const app = await setUp(session);
    expect((await recover(session, app.recovery_codes[0] ?? "")).body.error_type).toBe(
      "totps_not_found_for_user",
    );
  });

  test("cannot be guessed without end", async () => {
    const session = await logIn();
    const app = await setUp(session);
    await prove(session, appCode(app));
    for (let i = 1; i < LIMITS.failuresPerLock; i++) await recover(session, "aaaa-aaaa-aaaa");
    expect((await recover(session, "aaaa-aaaa-aaaa")).body.error_type).toBe("user_lock_limit_reached");
    expect((await recover(session, app.recovery_codes[0] ?? "")).status).toBe(429);
  });
});

describe("changing the authenticator app", () => {
  test("needs proofs of two categories, one of them within the hour", async () => {
    const first = await logIn();
    const app = await setUp(first);
    await prove(first, appCode(app));

    const emailOnly = await logIn();
    const remove = (session: string) => harness.sdk("DELETE", `/users/totps/${app.totp_id}`, {}, session);
    expect((await remove(emailOnly)).body.error_type).toBe("insufficient_factors");
    expect((await harness.sdk("POST", "/totps", {}, emailOnly)).body.error_type).toBe("insufficient_factors");

    harness.advance(3600 - 1);
    const { body } = await harness.sdk(
      "POST",
      "/sessions/authenticate",
      { session_duration_minutes: 600 },
      first,
    );
    expect(body.session_token).toBe(first);
    expect((await harness.sdk("POST", "/totps", {}, first)).body.error_type).toBe("active_totp_exists");
    harness.advance(1);
    expect((await remove(first)).body.error_type).toBe("stale_factors");

    await logIn(first);
    expect((await remove(first)).body).toMatchObject({ user: { totps: [] } });
    expect((await remove(first)).body.error_type).toBe("totp_not_found");
  });

  test("takes the app's proof out of every session of the person", async () => {
    const first = await logIn();
    const app = await setUp(first);
    await prove(first, appCode(app));
    const second = await logIn();
    harness.advance(30);
    await prove(second, appCode(app));
    await harness.sdk("DELETE", `/users/totps/${app.totp_id}`, {}, first);
    for (const session of [first, second]) {
      const { body } = await harness.sdk("POST", "/sessions/authenticate", {}, session);
      expect(body).toMatchObject({ session: { authentication_factors: [{ type: "otp" }] } });
    }
  });

  test("is possible with a recovery code when the phone is lost", async () => {
    const first = await logIn();
    const app = await setUp(first);
    await prove(first, appCode(app));
    const second = await logIn();
    await recover(second, app.recovery_codes[0] ?? "");
    expect((await harness.sdk("DELETE", `/users/totps/${app.totp_id}`, {}, second)).status).toBe(200);
    const replacement = await setUp(second);
    expect((await prove(second, appCode(replacement))).status).toBe(200);
  });
});
