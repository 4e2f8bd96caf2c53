import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthenticatorHarness } from "../testing/harness.ts";

let harness: AuthenticatorHarness;
beforeEach(async () => {
  harness = await AuthenticatorHarness.start();
});
afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const OLD = "ada@example.com";
const NEW = "ada@example.org";
const PHONE = "+41790000001";

const add = (email: string, session: string) =>
  harness.sdk("POST", "/otps/email/send/secondary", { email }, session);

async function verify(email: string, session: string) {
  const { body } = await add(email, session);
  return harness.sdk(
    "POST",
    "/otps/authenticate",
    { method_id: body.email_id, token: await harness.codeFor(email), session_duration_minutes: 60 },
    session,
  );
}

async function emailIds(session: string): Promise<Record<string, string>> {
  const { body } = await harness.sdk("GET", "/users/me", undefined, session);
  const emails = body.emails as { email_id: string; email: string }[];
  return Object.fromEntries(emails.map(({ email, email_id }) => [email, email_id]));
}

const remove = (id: string | undefined, session: string) =>
  harness.sdk("DELETE", `/users/emails/${id ?? ""}`, {}, session);

describe("changing the email address", () => {
  test("adds the new one, verifies it and removes the old one, which then leads nowhere", async () => {
    const session = await harness.provePhone(PHONE, await harness.logIn(OLD));
    const before = await harness.session(session);
    expect((await verify(NEW, session)).body).toMatchObject({
      user: {
        emails: [
          { email: OLD, verified: true },
          { email: NEW, verified: true },
        ],
      },
      session: {
        authentication_factors: [
          { email_factor: { email_address: OLD } },
          { delivery_method: "sms" },
          { email_factor: { email_address: NEW } },
        ],
      },
    });
    const ids = await emailIds(session);
    expect((await remove(ids[OLD], session)).body).toMatchObject({ user: { emails: [{ email: NEW }] } });
    expect(await harness.session(session)).toMatchObject({
      session: {
        authentication_factors: [{ delivery_method: "sms" }, { email_factor: { email_address: NEW } }],
      },
    });
    expect((await harness.session(await harness.logIn(NEW))).user_id).toBe(before.user_id);
    expect((await harness.session(await harness.logIn(OLD))).user_id).not.toBe(before.user_id);
  });

  test("gives an address that comes back another id", async () => {
    const session = await harness.provePhone(PHONE, await harness.logIn(OLD));
    await verify(NEW, session);
    const { [OLD]: first } = await emailIds(session);
    await remove(first, session);
    await verify(OLD, session);
    expect((await emailIds(session))[OLD]).not.toBe(first);
  });

  test("needs two categories to remove one, even of two mailboxes", async () => {
    const session = await harness.logIn(OLD);
    await verify(NEW, session);
    const ids = await emailIds(session);
    expect((await remove(ids[OLD], session)).body.error_type).toBe("insufficient_factors");
  });

  test("keeps the last way to log in", async () => {
    const session = await harness.provePhone(PHONE, await harness.logIn(OLD));
    const { body } = await harness.sdk("GET", "/users/me", undefined, session);
    const [phone] = body.phone_numbers as { phone_id: string }[];
    const ids = await emailIds(session);
    expect((await remove(ids[OLD], session)).status).toBe(200);
    const last = await harness.sdk("DELETE", `/users/phone_numbers/${phone?.phone_id ?? ""}`, {}, session);
    expect(last.body.error_type).toBe("cannot_delete_last_primary_factor");
  });

  test("does not let somebody take another person's address, nor catch her log-ins with it", async () => {
    const ada = await harness.logIn(OLD);
    const bob = await harness.logIn("bob@example.com");
    const { body } = await add(OLD, bob);
    const answer = await harness.sdk(
      "POST",
      "/otps/authenticate",
      { method_id: body.email_id, token: await harness.codeFor(OLD) },
      bob,
    );
    expect(answer.body.error_type).toBe("duplicate_email");
    expect((await harness.session(await harness.logIn(OLD))).user_id).toBe(
      (await harness.session(ada)).user_id,
    );
  });

  test("does not let who receives a mail for a mistyped address into the account", async () => {
    const session = await harness.logIn(OLD);
    const { body } = await add("typo@example.org", session);
    const token = await harness.codeFor("typo@example.org");
    const answer = await harness.sdk("POST", "/otps/authenticate", { method_id: body.email_id, token });
    expect(answer.body.error_type).toBe("otp_code_not_found");
    const own = await harness.sdk("POST", "/otps/authenticate", { method_id: body.email_id, token }, session);
    expect(own.status).toBe(200);
  });

  test("forgets an address that was never verified when another is added", async () => {
    const session = await harness.logIn(OLD);
    await add("typo@example.org", session);
    await add(NEW, session);
    expect(Object.keys(await emailIds(session))).toEqual([OLD, NEW]);
  });

  test("is a back end's right without any rule but the last", async () => {
    const session = await harness.logIn(OLD);
    await verify(NEW, session);
    const ids = await emailIds(session);
    expect((await harness.server("DELETE", `/users/emails/${ids[OLD] ?? ""}`)).body).toMatchObject({
      user: { emails: [{ email: NEW }] },
    });
    expect((await harness.server("DELETE", `/users/emails/${ids[NEW] ?? ""}`)).body.error_type).toBe(
      "cannot_delete_last_primary_factor",
    );
    expect((await harness.server("DELETE", "/users/emails/other")).body.error_type).toBe("email_not_found");
  });
});
