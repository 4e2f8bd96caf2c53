import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import { enrolledFactors } from "./enrolled.ts";
import { ClientHarness, EMAIL } from "./testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

test("what a person enrolled has the types and ids under which a session that proved it all names them", async () => {
  const { client, authenticator } = world;
  const session = await client.password.set(
    await world.addPhone(await world.logIn()),
    "correct horse battery staple 7",
  );
  const app = await client.totp.create(session);
  expect(enrolledFactors(await client.getUser(session)).map(({ type }) => type)).toEqual([
    "email",
    "sms",
    "password",
  ]);
  const totp = new TOTP({ secret: Secret.fromBase32(app.secret) });
  await client.totp.verify(session, totp.generate({ timestamp: authenticator.time() }));
  const options = await client.passkey.startRegistration(session, { domain: "wallet.example" });
  const proved = await client.passkey.finishRegistration(session, new SoftPasskey().create(options));

  const inSession = listFactors(proved.claims).map(({ type, id }) => ({ type, id }));
  expect(new Set(inSession.map(({ type }) => type)).size).toBe(5);
  const enrolled = enrolledFactors(proved.user);
  expect(enrolled).toHaveLength(inSession.length);
  expect(enrolled).toEqual(expect.arrayContaining(inSession));
});

test("what is not verified, or has to be reset first, is not enrolled", async () => {
  const created = await world.client.password.create({
    email: EMAIL,
    password: "correct horse battery staple 7",
  });
  expect(enrolledFactors(created.user)).toEqual([{ type: "password", id: "password" }]);
  const session = await world.logIn();
  await world.client.sms.sendToAdd(session, "+41790000001");
  expect(enrolledFactors(await world.client.getUser(session))).toEqual([
    { type: "email", id: session.user.emails[0]?.emailId },
  ]);
});

test("social logins that a gate counts are enrolled under the id of their registration", () => {
  const user = {
    userId: "user-test-1",
    emails: [],
    phones: [],
    authenticatorApps: [],
    passkeys: [],
    password: undefined,
    logins: [
      { registrationId: "oauth-user-test-1", provider: "Google", subject: "1" },
      { registrationId: "oauth-user-test-2", provider: "TikTok", subject: "2" },
    ],
    wallets: [{ walletId: "crypto-wallet-test-1", address: "0x", verified: true }],
    metadata: {},
  };
  expect(enrolledFactors(user)).toEqual([{ type: "oauth", id: "oauth-user-test-1" }]);
});
