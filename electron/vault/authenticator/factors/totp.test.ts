import { Secret, TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listFactors } from "#core/security/factors.ts";
import { ClientHarness, expectError } from "../testing/client-harness.ts";

let world: ClientHarness;
beforeEach(async () => {
  world = await ClientHarness.start();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const appCode = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.authenticator.time() });

describe("an authenticator app", () => {
  test("is set up, proven, and stands in the claims", async () => {
    const session = await world.logIn();
    const app = await world.client.totp.create(session);
    expect(app.qrCode).toMatch(/^data:image\//);
    expect(app.recoveryCodes).toHaveLength(10);
    const proved = await world.client.totp.verify(session, appCode(app.secret));
    expect(listFactors(proved.claims)).toMatchObject([{ type: "email" }, { type: "totp", id: app.totpId }]);
    expect(proved.user.authenticatorApps).toEqual([{ totpId: app.totpId, verified: true }]);
    await expectError(world.client.totp.create(proved), "app-exists");
  });

  test("has a sentence for every way its codes can fail", async () => {
    const session = await world.logIn();
    await expectError(world.client.totp.verify(session, "123456"), "app-missing");
    const app = await world.client.totp.create(session);
    const code = appCode(app.secret);
    const near = [-30, 0, 30].map((seconds) =>
      new TOTP({ secret: Secret.fromBase32(app.secret) }).generate({
        timestamp: world.authenticator.time() + seconds * 1000,
      }),
    );
    const bad = ["000000", "000001", "000002", "000003"].find((digits) => !near.includes(digits)) ?? "";
    await expectError(world.client.totp.verify(session, bad), "app-code-wrong");
    await world.client.totp.verify(session, code);
    await expectError(world.client.totp.verify(session, code), "app-code-used");
    await expectError(world.client.totp.verify(session, "12 34"), "code-format");

    await expectError(world.client.totp.create(await world.logIn()), "factors-insufficient");
    world.authenticator.advance(3599);
    const kept = await world.client.refreshSession(session, { sessionMinutes: 60 });
    world.authenticator.advance(1);
    await expectError(world.client.totp.create(kept), "factors-stale");
  });

  test("must be confirmed in time", async () => {
    const session = await world.logIn();
    const app = await world.client.totp.create(session);
    world.authenticator.advance(30 * 60);
    await expectError(world.client.totp.verify(session, appCode(app.secret)), "app-set-up-expired");
  });

  test("is replaced by a recovery code, once per code", async () => {
    const session = await world.logIn();
    const app = await world.client.totp.create(session);
    await world.client.totp.verify(session, appCode(app.secret));
    const [code = ""] = app.recoveryCodes;
    await expect(world.client.totp.recover(session, code.toUpperCase())).resolves.toMatchObject({
      token: session.token,
    });
    await expectError(world.client.totp.recover(session, code), "recovery-code-wrong");
    await expectError(world.client.totp.recover(session, "nonsense"), "recovery-code-wrong");
    expect(await world.client.totp.recoveryCodes(session)).toEqual(app.recoveryCodes.slice(1));
  });

  test("is removed with the proof of two factors, and is gone from the session", async () => {
    const session = await world.logIn();
    const app = await world.client.totp.create(session);
    const proved = await world.client.totp.verify(session, appCode(app.secret));
    await expectError(world.client.totp.remove(await world.logIn(), app.totpId), "factors-insufficient");
    expect((await world.client.totp.remove(proved, app.totpId)).authenticatorApps).toEqual([]);
    expect(listFactors((await world.client.refreshSession(proved)).claims)).toMatchObject([
      { type: "email" },
    ]);
    await expectError(world.client.totp.remove(proved, app.totpId), "app-missing");
  });
});
