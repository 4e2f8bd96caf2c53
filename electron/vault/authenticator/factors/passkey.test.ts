import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { SoftPasskey } from "#devnet/authenticator/testing/soft-passkey.ts";
import { ClientHarness, expectError } from "../testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const DOMAIN = "wallet.example";

async function withPasskey(device: SoftPasskey) {
  const { passkey } = world.client;
  const session = await world.logIn();
  const options = await passkey.startRegistration(session, { domain: DOMAIN, userAgent: "Trivet" });
  return passkey.finishRegistration(session, device.create(options));
}

describe("a passkey", () => {
  test("is set up, proven within a session or alone, and stands in the claims", async () => {
    const { passkey } = world.client;
    const device = new SoftPasskey();
    const session = await withPasskey(device);
    const [registered] = session.user.passkeys;
    expect(registered).toMatchObject({ domain: DOMAIN, name: "", verified: true });
    const expected = { type: "passkey", id: registered?.registrationId };
    expect(listFactors(session.claims)).toMatchObject([{ type: "email" }, expected]);

    const within = device.get(await passkey.startProof({ domain: DOMAIN, session }));
    await expect(passkey.finishProof({ credential: within, session })).resolves.toMatchObject({
      token: session.token,
    });
    const credential = device.get(await passkey.startProof({ domain: DOMAIN }));
    const alone = await passkey.finishProof({ credential });
    expect(alone.user.userId).toBe(session.user.userId);
    expect(listFactors(alone.claims)).toMatchObject([expected]);
  });

  test("is named and removed", async () => {
    const { passkey } = world.client;
    const session = await withPasskey(new SoftPasskey());
    const registrationId = session.user.passkeys[0]?.registrationId ?? "";
    await passkey.rename(session, { registrationId, name: "Blue key" });
    expect((await world.client.getUser(session)).passkeys).toMatchObject([{ name: "Blue key" }]);
    expect((await passkey.remove(session, registrationId)).passkeys).toEqual([]);
    await expectError(passkey.remove(session, registrationId), "passkey-missing");
  });

  test("has a sentence for every way it can fail", async () => {
    const { passkey } = world.client;
    const device = new SoftPasskey();
    const session = await withPasskey(device);
    await expectError(passkey.startProof({ domain: "other.example", session }), "passkey-missing");
    const start = () => passkey.startProof({ domain: DOMAIN, session });
    const bad = device.get(await start(), { origin: "https://evil.example" });
    await expectError(passkey.finishProof({ credential: bad, session }), "passkey-refused");
    await expectError(passkey.finishProof({ credential: "{}", session }), "passkey-refused");
    const register = () => passkey.startRegistration(session, { domain: DOMAIN });
    await expectError(passkey.finishRegistration(session, device.create(await register())), "passkey-exists");
    const late = new SoftPasskey().create(await register());
    world.authenticator.advance(300);
    await expectError(passkey.finishRegistration(session, late), "passkey-expired");
    const registrationId = session.user.passkeys[0]?.registrationId ?? "";
    await expectError(passkey.rename(session, { registrationId, name: " " }), "passkey-name");
    const weak = await world.logIn();
    await expectError(passkey.startRegistration(weak, { domain: DOMAIN }), "factors-insufficient");
  });
});
