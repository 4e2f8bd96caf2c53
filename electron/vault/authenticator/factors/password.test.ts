import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { createPkce } from "../pkce.ts";
import { ClientHarness, EMAIL, expectError } from "../testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const PASSWORD = "correct horse battery staple 7";
const OTHER = "an entirely different phrase 9";

describe("a password", () => {
  test("is set in a session, proven, and stands in the claims", async () => {
    const { password } = world.client;
    const session = await password.set(await world.logIn(), PASSWORD);
    expect(session.user.password).toMatchObject({ requiresReset: false });
    expect(listFactors(session.claims)).toMatchObject([
      { type: "email" },
      { type: "password", id: "password" },
    ]);
    const alone = await password.verify({ email: ` ${EMAIL}`, password: PASSWORD });
    expect(alone.user.userId).toBe(session.user.userId);
    expect(listFactors(alone.claims)).toEqual([
      listFactors(session.claims).find(({ type }) => type === "password"),
    ]);
  });

  test("is changed with the old one, and with an email, under the same factor id", async () => {
    const { password } = world.client;
    const session = await password.set(await world.logIn(), PASSWORD);
    const changed = await password.change({ email: EMAIL, existing: PASSWORD, next: OTHER, session });
    await password.startReset({ email: EMAIL });
    const reset = await password.reset({
      token: await world.authenticator.codeFor(EMAIL),
      password: PASSWORD,
    });
    const ids = [session, changed, reset].map(
      ({ claims }) => listFactors(claims).find(({ type }) => type === "password")?.factorId,
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeDefined();
    await expectError(world.client.refreshSession(session), "session-expired");
  });

  test("has a sentence for every way it can fail", async () => {
    const { password } = world.client;
    const session = await world.logIn();
    await expectError(password.set(session, "password123"), "password-weak");
    await expectError(password.verify({ email: EMAIL, password: PASSWORD }), "password-wrong");
    await expectError(password.verify({ email: "x@example.com", password: PASSWORD }), "password-wrong");
    await expectError(password.change({ email: EMAIL, existing: OTHER, next: PASSWORD }), "password-wrong");
    await expectError(password.create({ email: EMAIL, password: PASSWORD }), "email-taken");
    world.authenticator.advance(300);
    await expectError(password.set(session, PASSWORD), "password-proof-too-old");
    await expectError(password.reset({ token: "x", password: PASSWORD }), "password-mail-void");
    await expectError(password.verify({ email: "ada", password: PASSWORD }), "email-invalid");
  });

  test("of a new user counts, until somebody else proves the mailbox", async () => {
    const { password, totp } = world.client;
    const created = await password.create({ email: EMAIL, password: PASSWORD });
    expect(created.user.emails).toMatchObject([{ address: EMAIL, verified: false }]);
    await expectError(totp.create(created), "verify-first");
    await world.logIn();
    await expectError(password.verify({ email: EMAIL, password: PASSWORD }), "password-reset-needed");
  });

  test("is reset only by who asked for the mail, when it was bound to him", async () => {
    const { password } = world.client;
    const { verifier, challenge } = createPkce();
    await password.startReset({ email: EMAIL, redirectUrl: "trivet://reset", codeChallenge: challenge });
    const token = await world.authenticator.codeFor(EMAIL);
    await expectError(password.reset({ token, password: PASSWORD }), "login-not-ours");
    const codeVerifier = createPkce().verifier;
    await expectError(password.reset({ token, password: PASSWORD, codeVerifier }), "login-not-ours");
    await expect(
      password.reset({ token, password: PASSWORD, codeVerifier: verifier }),
    ).resolves.toMatchObject({
      user: { emails: [{ verified: true }] },
    });
  });

  test("is rated", async () => {
    const { password } = world.client;
    expect(await password.rate({ password: "password123", email: EMAIL })).toMatchObject({
      isStrong: false,
      score: 0,
      warning: expect.stringMatching(/\w/) as string,
    });
    expect(await password.rate({ password: PASSWORD })).toMatchObject({ isStrong: true, score: 4 });
  });
});
