import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthenticatorHarness } from "../testing/harness.ts";
import { zPhoneNumber } from "./sms-code.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const EMAIL = "ada@example.com";
const PHONE = "+41790000001";

const send = (path: string, number: string, session?: string) =>
  harness.sdk("POST", `/otps/sms/${path}`, { phone_number: number }, session);
const authenticate = (methodId: unknown, token: string, session?: string) =>
  harness.sdk(
    "POST",
    "/otps/authenticate",
    { method_id: methodId, token, session_duration_minutes: 60 },
    session,
  );
const wrong = (code: string) => (code === "000000" ? "000001" : "000000");

describe("a code sent by SMS", () => {
  test("adds a phone to the person who is logged in and stands in the session", async () => {
    const session = await harness.logIn(EMAIL);
    const sent = await send("send/secondary", PHONE, session);
    const { status, body } = await authenticate(sent.body.phone_id, await harness.smsFor(PHONE), session);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      method_id: sent.body.phone_id,
      session_token: session,
      user: {
        emails: [{ email: EMAIL }],
        phone_numbers: [{ phone_id: sent.body.phone_id, phone_number: PHONE, verified: true }],
      },
      session: {
        authentication_factors: [
          { type: "otp", delivery_method: "email" },
          {
            type: "otp",
            delivery_method: "sms",
            phone_number_factor: { phone_id: sent.body.phone_id, phone_number: PHONE },
          },
        ],
      },
    });
  });

  test("logs in who has the phone, and makes a user of who is none", async () => {
    const session = await harness.provePhone(PHONE, await harness.logIn(EMAIL));
    const owner = (await harness.session(session)).user_id;
    expect((await harness.session(await harness.provePhone(PHONE))).user_id).toBe(owner);
    const stranger = await harness.session(await harness.provePhone("+41790000002"));
    expect(stranger.user_id).not.toBe(owner);
  });

  test("has the limits of an emailed code", async () => {
    const sent = await send("login_or_create", PHONE);
    const code = await harness.smsFor(PHONE);
    for (let i = 0; i < 4; i++) {
      expect((await authenticate(sent.body.phone_id, wrong(code))).body.error_type).toBe(
        "otp_code_not_found",
      );
    }
    expect((await authenticate(sent.body.phone_id, wrong(code))).body).toMatchObject({
      error_type: "unable_to_auth_otp_code",
      error_details: { reason: "too_many_tries" },
    });
    await send("login_or_create", PHONE);
    harness.advance(120);
    expect((await authenticate(sent.body.phone_id, await harness.smsFor(PHONE))).body).toMatchObject({
      error_details: { reason: "expired" },
    });
    for (let i = 0; i < 18; i++) expect((await send("login_or_create", PHONE)).status).toBe(200);
    expect((await send("login_or_create", PHONE)).body.error_type).toBe("too_many_requests");
  });

  test("is locked out together with the mailbox", async () => {
    const session = await harness.provePhone(PHONE, await harness.logIn(EMAIL));
    for (let round = 0; round < 2; round++) {
      const { body } = await send("login_or_create", PHONE);
      const code = wrong(await harness.smsFor(PHONE));
      for (let i = 0; i < 5; i++) await authenticate(body.phone_id, code);
    }
    const locked = { status: 429, body: { error_type: "user_lock_limit_reached" } };
    expect(await send("login_or_create", PHONE)).toMatchObject(locked);
    expect(await send("send/secondary", PHONE, session)).toMatchObject(locked);
    expect(await harness.sdk("POST", "/otps/email/login_or_create", { email: EMAIL })).toMatchObject(locked);
  });

  test.each(["login_or_create", "send/primary"])("tells nobody by %s who has an account", async (path) => {
    await harness.provePhone(PHONE);
    const known = await send(path, PHONE);
    const stranger = await send(path, "+41790000009");
    expect([known.status, Object.keys(known.body).sort()]).toEqual([
      stranger.status,
      Object.keys(stranger.body).sort(),
    ]);
    for (const [sent, number] of [
      [known, PHONE],
      [stranger, "+41790000009"],
    ] as const) {
      const types: unknown[] = [];
      const code = wrong(await harness.smsFor(number));
      for (let i = 0; i < 6; i++) types.push((await authenticate(sent.body.phone_id, code)).body.error_type);
      expect(types).toEqual([
        ...Array<string>(4).fill("otp_code_not_found"),
        ...Array<string>(2).fill("unable_to_auth_otp_code"),
      ]);
    }
  });

  test("goes to the phone and nowhere else", async () => {
    const { body } = await send("login_or_create", PHONE);
    const phone: unknown = await (await fetch(`${harness.url}/phone`)).json();
    expect(phone).toMatchObject([{ to: PHONE, purpose: "login" }]);
    expect(await (await fetch(`${harness.url}/inbox`)).json()).toEqual([]);
    expect(JSON.stringify(body)).not.toContain(await harness.smsFor(PHONE));
  });
});

describe("a phone", () => {
  test("can be verified by one user only", async () => {
    await harness.provePhone(PHONE, await harness.logIn(EMAIL));
    const bob = await harness.logIn("bob@example.com");
    await expect(harness.provePhone(PHONE, bob)).rejects.toThrow("duplicate_phone_number");
  });

  test("that was added and never verified catches nobody's log-in, and makes room for another", async () => {
    const ada = await harness.logIn(EMAIL);
    await send("send/secondary", PHONE, ada);
    const owner = await harness.session(await harness.provePhone(PHONE));
    const { user_id, user } = await harness.session(ada);
    expect(owner.user_id).not.toBe(user_id);
    expect(user).toMatchObject({ phone_numbers: [{ phone_number: PHONE, verified: false }] });
    await harness.provePhone("+41790000002", ada);
    expect((await harness.session(ada)).user).toMatchObject({
      phone_numbers: [{ phone_number: "+41790000002", verified: true }],
    });
  });

  test("is added freely while there is one category, then by the rule of two", async () => {
    await harness.provePhone(PHONE, await harness.logIn(EMAIL));
    const emailOnly = await harness.logIn(EMAIL);
    const second = "+41790000002";
    expect((await send("send/secondary", second, emailOnly)).body.error_type).toBe("insufficient_factors");
    const both = await harness.provePhone(PHONE, emailOnly);
    harness.advance(3600);
    expect((await send("send/secondary", second, both)).body.error_type).toBe("stale_factors");
    await harness.logIn(EMAIL, both);
    expect((await send("send/secondary", second, both)).status).toBe(200);
  });

  test("is removed by the rule of two, and its proof leaves every session", async () => {
    const first = await harness.provePhone(PHONE, await harness.logIn(EMAIL));
    const emailOnly = await harness.logIn(EMAIL);
    const phones = (await harness.sdk("GET", "/users/me", undefined, first)).body.phone_numbers as {
      phone_id: string;
    }[];
    const path = `/users/phone_numbers/${phones[0]?.phone_id ?? ""}`;
    expect((await harness.sdk("DELETE", path, {}, emailOnly)).body.error_type).toBe("insufficient_factors");
    const bob = await harness.logIn("bob@example.com");
    expect((await harness.sdk("DELETE", path, {}, bob)).body.error_type).toBe("phone_number_not_found");
    expect((await harness.sdk("DELETE", path, {}, first)).body).toMatchObject({
      user: { phone_numbers: [] },
    });
    expect(await harness.session(first)).toMatchObject({
      session: { authentication_factors: [{ delivery_method: "email" }] },
    });
    expect((await harness.sdk("DELETE", path, {}, first)).body.error_type).toBe("phone_number_not_found");
  });
});

describe("a phone number", () => {
  test("is one of E.164 and nothing else", () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 14 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), digits, (first, rest) => {
        const number = `+${first}${rest.join("")}`;
        expect(zPhoneNumber.parse(number)).toBe(number);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(zPhoneNumber.safeParse(text).success).toBe(/^\+[1-9][0-9]{6,14}$/.test(text));
      }),
    );
  });

  test.each(["", "0790000000", "+0790000000", "+4179", "+41 79 000 00 00", "+417900000000000000", 7, null])(
    "is not %j",
    async (number) => {
      expect(await harness.sdk("POST", "/otps/sms/login_or_create", { phone_number: number })).toMatchObject({
        status: 400,
        body: { error_type: "invalid_phone_number" },
      });
    },
  );
});
