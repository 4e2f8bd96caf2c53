import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { phoneNumber } from "./sms-code.ts";
import { ClientHarness, EMAIL, expectError, PHONE } from "../testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const wrong = (code: string) => (code === "000000" ? "000001" : "000000");

describe("an SMS code", () => {
  test("adds a phone to the person, stands in the claims, and then logs in", async () => {
    const session = await world.addPhone(await world.logIn());
    const [phone] = session.user.phones;
    expect(phone).toEqual({ phoneId: phone?.phoneId, number: PHONE, verified: true });
    expect(listFactors(session.claims)).toMatchObject([
      { type: "email" },
      { type: "sms", id: phone?.phoneId },
    ]);
    const { methodId, expiresAt } = await world.client.sms.send(PHONE);
    expect(expiresAt).toBe(world.authenticator.time() + 120_000);
    const code = await world.authenticator.smsFor(PHONE);
    const alone = await world.client.sms.verify({ methodId, code });
    expect(alone.user.userId).toBe(session.user.userId);
    expect(listFactors(alone.claims)).toMatchObject([{ type: "sms" }]);
  });

  test("has a sentence for every way it can fail", async () => {
    const { sms } = world.client;
    await expectError(sms.send("079 000 00 01"), "phone-invalid");
    const { methodId } = await sms.send(PHONE);
    const code = await world.authenticator.smsFor(PHONE);
    await expectError(sms.verify({ methodId, code: "12" }), "code-format");
    for (let i = 0; i < 4; i++) await expectError(sms.verify({ methodId, code: wrong(code) }), "code-wrong");
    await expectError(sms.verify({ methodId, code: wrong(code) }), "code-void");
    const session = await world.addPhone(await world.logIn("bob@example.com"), "+41790000002");
    await expectError(sms.sendToAdd(await world.logIn("bob@example.com"), PHONE), "factors-insufficient");
    world.authenticator.advance(120);
    await sms.send("+41790000003");
    await expectError(world.addPhone(await world.logIn(), "+41790000002"), "phone-taken");
    await expectError(sms.remove(session, "phone-number-test-other"), "phone-unknown");
  });

  test("is asked for with numbers as people type them, and with nothing that is none", () => {
    const digit = fc.integer({ min: 0, max: 9 }).map(String);
    const gap = fc.constantFrom("", " ", "-", ".", "/", "(0)");
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, digit), { minLength: 7, maxLength: 12 }), (rest) => {
        const number = `+41${rest.map(([, value]) => value).join("")}`;
        const typed = ` +41${rest.map(([before, value]) => `${before}${value}`).join("")} `;
        expect(phoneNumber(typed)).toBe(number);
        expect(phoneNumber(typed.replace("+", "00").trim())).toBe(number);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(phoneNumber(text)).toMatch(/^\+[1-9]\d{6,14}$/);
        } catch (error) {
          expect(error).toMatchObject({ code: "phone-invalid" });
        }
      }),
    );
  });
});

describe("changing the email address", () => {
  const NEW = "ada@example.org";

  async function addEmail(session: Awaited<ReturnType<typeof world.logIn>>) {
    const { methodId } = await world.client.email.sendToAdd(session, NEW);
    return world.client.email.verify({ methodId, code: await world.authenticator.codeFor(NEW), session });
  }

  test("adds the new one and removes the old one, which no longer counts", async () => {
    const session = await addEmail(await world.addPhone(await world.logIn()));
    const [old, next] = session.user.emails;
    const user = await world.client.email.remove(session, old?.emailId ?? "");
    expect(user.emails).toEqual([{ emailId: next?.emailId, address: NEW, verified: true }]);
    expect(listFactors((await world.client.refreshSession(session)).claims)).toMatchObject([
      { type: "sms" },
      { type: "email", id: next?.emailId },
    ]);
    expect((await world.logIn(NEW)).user.userId).toBe(session.user.userId);
  });

  test("has a sentence for every way it can fail", async () => {
    const session = await addEmail(await world.logIn());
    const [old] = session.user.emails;
    await expectError(world.client.email.remove(session, old?.emailId ?? ""), "factors-insufficient");
    await expectError(world.client.email.remove(session, "email-test-other"), "email-unknown");
    const bob = await world.logIn("bob@example.com");
    await expectError(world.client.email.remove(bob, bob.user.emails[0]?.emailId ?? ""), "last-way-in");
    const { methodId } = await world.client.email.sendToAdd(bob, EMAIL);
    const code = await world.authenticator.codeFor(EMAIL);
    await expectError(world.client.email.verify({ methodId, code, session: bob }), "email-taken");
  });
});
