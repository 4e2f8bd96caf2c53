import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../limits.ts";
import { AuthenticatorHarness } from "../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";

async function sendCode(email = EMAIL, minutes?: number) {
  const sent = await harness.sdk("POST", "/otps/email/login_or_create", {
    email,
    expiration_minutes: minutes,
  });
  return { ...sent, methodId: String(sent.body.method_id) };
}

function tryCode(methodId: string, token: string, session?: string) {
  return harness.sdk(
    "POST",
    "/otps/authenticate",
    { method_id: methodId, token, session_duration_minutes: 60 },
    session,
  );
}

/** Another code than the right one. */
const wrong = (code: string) => (code === "000000" ? "000001" : "000000");

async function failTimes(times: number, methodId: string): Promise<void> {
  const code = await harness.codeFor(EMAIL);
  for (let i = 0; i < times; i++) await tryCode(methodId, wrong(code));
}

describe("an emailed code", () => {
  test("logs a new person in and verifies the address", async () => {
    const { methodId } = await sendCode();
    const { status, body } = await tryCode(methodId, await harness.codeFor(EMAIL));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      method_id: methodId,
      user: { emails: [{ email_id: methodId, email: EMAIL, verified: true }], status: "active" },
      session: {
        authentication_factors: [
          {
            type: "otp",
            delivery_method: "email",
            email_factor: { email_id: methodId, email_address: EMAIL },
          },
        ],
      },
    });
    expect(body.session_token).toMatch(/^[\w-]{43}$/);
  });

  test("finds the same person under any spelling of the address", async () => {
    const first = await sendCode("Ada@Example.com ");
    const second = await sendCode(EMAIL);
    expect(second.body.user_id).toBe(first.body.user_id);
  });

  test("counts until two minutes are over, and not after", async () => {
    const { methodId } = await sendCode();
    const code = await harness.codeFor(EMAIL);
    harness.advance(119);
    expect((await tryCode(methodId, code)).status).toBe(200);

    const late = await sendCode();
    harness.advance(120);
    expect(await tryCode(late.methodId, await harness.codeFor(EMAIL))).toMatchObject({
      status: 401,
      body: { error_type: "unable_to_auth_otp_code", error_details: { reason: "expired" } },
    });
  });

  test("can be asked for with up to ten minutes", async () => {
    const { methodId } = await sendCode(EMAIL, 10);
    harness.advance(599);
    expect((await tryCode(methodId, await harness.codeFor(EMAIL))).status).toBe(200);
    expect((await sendCode(EMAIL, 11)).body.error_type).toBe("invalid_expiration_otp");
    expect((await sendCode(EMAIL, 0)).body.error_type).toBe("invalid_expiration_otp");
  });

  test("is void once a newer one was sent", async () => {
    const { methodId } = await sendCode();
    const old = await harness.codeFor(EMAIL);
    await sendCode();
    const current = await harness.codeFor(EMAIL);
    if (old !== current) expect((await tryCode(methodId, old)).body.error_type).toBe("otp_code_not_found");
    expect((await tryCode(methodId, current)).status).toBe(200);
  });

  test("counts once", async () => {
    const { methodId } = await sendCode();
    const code = await harness.codeFor(EMAIL);
    const answers = await Promise.all(Array.from({ length: 5 }, () => tryCode(methodId, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
    expect(await tryCode(methodId, code)).toMatchObject({ body: { error_details: { reason: "used" } } });
  });

  test("is void after five wrong tries, even for the right digits, until a new one is sent", async () => {
    const { methodId } = await sendCode();
    const code = await harness.codeFor(EMAIL);
    for (let i = 1; i <= 4; i++) {
      expect(await tryCode(methodId, wrong(code))).toMatchObject({
        status: 404,
        body: { error_type: "otp_code_not_found" },
      });
    }
    const askForANewOne = {
      status: 401,
      body: { error_type: "unable_to_auth_otp_code", error_details: { reason: "too_many_tries" } },
    };
    expect(await tryCode(methodId, wrong(code))).toMatchObject(askForANewOne);
    expect(await tryCode(methodId, code)).toMatchObject(askForANewOne);
    await sendCode();
    expect((await tryCode(methodId, await harness.codeFor(EMAIL))).status).toBe(200);
  });

  test("cannot be used for another person's session", async () => {
    const ada = await sendCode();
    const session = await tryCode(ada.methodId, await harness.codeFor(EMAIL));
    const bob = await sendCode("bob@example.com");
    const code = await harness.codeFor("bob@example.com");
    const answer = await tryCode(bob.methodId, code, String(session.body.session_token));
    expect(answer.body.error_type).toBe("user_id_mismatch");
    expect((await tryCode(bob.methodId, code)).status).toBe(200);
  });

  test("goes to the inbox, newest first, and nowhere else", async () => {
    const { body } = await sendCode();
    await sendCode("bob@example.com");
    const inbox: unknown = await (await fetch(`${harness.url}/inbox`)).json();
    expect(inbox).toMatchObject([
      { to: "bob@example.com", purpose: "login" },
      { to: EMAIL, purpose: "login" },
    ]);
    expect(JSON.stringify(body)).not.toContain(await harness.codeFor(EMAIL));
  });
});

test("a code for an address that none was sent to is not right, and one may be sent to log in by either path", async () => {
  const created = await harness.sdk("POST", "/passwords", {
    email: EMAIL,
    password: "correct horse battery staple 7",
  });
  const { email_id } = created.body;
  expect((await tryCode(String(email_id), "123456")).body.error_type).toBe("otp_code_not_found");
  const sent = await harness.sdk("POST", "/otps/email/send/primary", { email: EMAIL });
  expect(sent.body.email_id).toBe(email_id);
  expect((await tryCode(String(email_id), await harness.codeFor(EMAIL))).status).toBe(200);
});

describe("a user", () => {
  test("is locked for an hour after ten failures, right codes included", async () => {
    const first = await sendCode();
    await failTimes(5, first.methodId);
    await sendCode();
    await failTimes(4, first.methodId);
    expect((await tryCode(first.methodId, wrong(await harness.codeFor(EMAIL)))).body).toMatchObject({
      error_type: "user_lock_limit_reached",
      status_code: 429,
    });
    const locked = { status: 429, body: { error_type: "user_lock_limit_reached" } };
    expect(await tryCode(first.methodId, await harness.codeFor(EMAIL))).toMatchObject(locked);
    expect(await sendCode()).toMatchObject(locked);

    harness.advance(LIMITS.lockSeconds - 1);
    expect(await sendCode()).toMatchObject(locked);
    harness.advance(1);
    await sendCode();
    expect((await tryCode(first.methodId, await harness.codeFor(EMAIL))).status).toBe(200);
  });

  test("starts counting anew after a success", async () => {
    for (let round = 0; round < 3; round++) {
      const { methodId } = await sendCode();
      await failTimes(4, methodId);
      expect((await tryCode(methodId, await harness.codeFor(EMAIL))).status).toBe(200);
    }
  });

  test("cannot be told from a stranger", async () => {
    const known = await sendCode();
    await tryCode(known.methodId, await harness.codeFor(EMAIL));
    const again = await sendCode();
    const stranger = await sendCode("nobody@example.com");
    expect(again.status).toBe(stranger.status);
    expect(Object.keys(again.body).sort()).toEqual(Object.keys(stranger.body).sort());

    const wrongForKnown = await tryCode(again.methodId, wrong(await harness.codeFor(EMAIL)));
    const wrongForNobody = await tryCode("email-test-00000000-0000-4000-8000-000000000000", "123456");
    const { request_id: _one, ...first } = wrongForKnown.body;
    const { request_id: _two, ...second } = wrongForNobody.body;
    expect(first).toEqual(second);
  });

  test("keeps the only address to log in with", async () => {
    const { methodId } = await sendCode();
    const { body } = await tryCode(methodId, await harness.codeFor(EMAIL));
    const token = String(body.session_token);
    expect((await harness.sdk("DELETE", `/users/emails/${methodId}`, {}, token)).body.error_type).toBe(
      "cannot_delete_last_primary_factor",
    );
    expect((await harness.sdk("DELETE", "/users/emails/other", {}, token)).body.error_type).toBe(
      "email_not_found",
    );
  });
});

describe("sending", () => {
  test.each(["", "ada", "ada@", "ada@example", "a b@example.com", 7, null])(
    "refuses %j as an address",
    async (email) => {
      const answer = await harness.sdk("POST", "/otps/email/login_or_create", { email });
      expect(answer).toMatchObject({ status: 400, body: { error_type: "invalid_email" } });
    },
  );

  test("stops after twenty codes in ten minutes and goes on later", async () => {
    for (let i = 0; i < LIMITS.codesPerWindow; i++) expect((await sendCode()).status).toBe(200);
    expect(await sendCode()).toMatchObject({ status: 429, body: { error_type: "too_many_requests" } });
    expect((await sendCode("bob@example.com")).status).toBe(200);
    harness.advance(LIMITS.codeWindowSeconds);
    expect((await sendCode()).status).toBe(200);
  });
});

type Step = { do: "send" } | { do: "right" } | { do: "wrong" } | { do: "wait"; seconds: number };

/** The rules again, as small as they can be said. */
class Model {
  now = 0;
  code: { until: number; tries: number; used: boolean } | undefined;
  failures = 0;
  lockedUntil = 0;
  sent: number[] = [];

  expected(step: Exclude<Step, { do: "wait" }>): string {
    if (this.now < this.lockedUntil) return "user_lock_limit_reached";
    if (step.do === "send") {
      this.sent = this.sent.filter((at) => this.now - at < 600);
      if (this.sent.length >= 20) return "too_many_requests";
      this.sent.push(this.now);
      this.code = { until: this.now + 120, tries: 0, used: false };
      return "ok";
    }
    if (this.code === undefined) return "otp_code_not_found";
    if (this.code.used || this.code.tries >= 5 || this.now >= this.code.until)
      return "unable_to_auth_otp_code";
    if (step.do === "right") {
      this.code.used = true;
      this.failures = 0;
      return "ok";
    }
    this.code.tries += 1;
    this.failures += 1;
    if (this.failures === 10) {
      this.failures = 0;
      this.lockedUntil = this.now + 3600;
      return "user_lock_limit_reached";
    }
    return this.code.tries >= 5 ? "unable_to_auth_otp_code" : "otp_code_not_found";
  }
}

test("every sequence of sending, trying and waiting follows the rules", async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ do: "send" as const }) },
    { weight: 2, arbitrary: fc.constant({ do: "right" as const }) },
    { weight: 9, arbitrary: fc.constant({ do: "wrong" as const }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("wait" as const),
        seconds: fc.constantFrom(1, 60, 119, 600, 3600),
      }),
    },
  );
  let person = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 45 }), async (steps) => {
      const email = `person${person++}@example.com`;
      const model = new Model();
      const { methodId } = await sendCode(email);
      model.expected({ do: "send" });
      for (const next of steps) {
        if (next.do === "wait") {
          harness.advance(next.seconds);
          model.now += next.seconds;
          continue;
        }
        const code = await harness.codeFor(email);
        const answer =
          next.do === "send"
            ? await sendCode(email)
            : await tryCode(methodId, next.do === "right" ? code : wrong(code));
        expect(answer.status === 200 ? "ok" : answer.body.error_type).toBe(model.expected(next));
      }
    }),
    { numRuns: 40 },
  );
});
