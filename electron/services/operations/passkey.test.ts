import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import type { OperationStepId, OperationView } from "#core/wallet-api/operation-view.ts";
import { openPasskeyPage } from "../browser/passkey-page.ts";
import { accountReader } from "../chain/account-reader.ts";
import type { HeldKey } from "../profile.ts";
import { World } from "../testing/world.ts";
import { replaceKey } from "./intents/replace-key.ts";
import { withdraw } from "./intents/withdraw.ts";
import { openJournal } from "./journal.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});
beforeEach(() => {
  world.passkeys.away = false;
  world.passkeys.onPage = undefined;
  world.passkeys.lies = {};
  world.passkeys.asked.length = 0;
});

const RECIPIENT = toAddress("0x00000000000000000000000000000000000c0ffe");
type App = Awaited<ReturnType<World["startApp"]>>;

/** A passkey that was just made, as the holder of a key. */
async function makePasskey({ vault }: Pick<App, "vault">, detail = "YubiKey"): Promise<HeldKey> {
  const { signer, credential } = await vault.call("makePasskey", { name: detail, others: [] });
  return { key: { signer, salt: NO_SALT }, holder: "passkey", detail, credential };
}

/** An account a key of which a passkey holds. */
async function onPasskey(role: ReplaceableRole = "mfa") {
  const { directory, account } = await world.createAccount();
  const app = await world.startReturn(directory);
  const held = await makePasskey(app);
  expect((await app.finish(await app.operations.start(replaceKey(role, held)))).status).toBe("done");
  await world.fund(account, "1");
  return { ...app, directory, account, held };
}

const ALICE: HeldKey = {
  key: keyOfAddress("0x00000000000000000000000000000000000a11ce"),
  holder: "friend",
  detail: "Alice",
};

const ONE_UNIT = () => withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n });

/** Expects that an operation stopped at a step, by an error with this code. */
function expectStopped({ steps, status }: OperationView, id: OperationStepId, code: string): void {
  expect(status).toBe("waiting");
  expect(steps.find((step) => step.id === id)).toMatchObject({ status: "failed", error: { code } });
}

describe("a passkey", () => {
  test("takes the MFA key after it signed for trial, and withdraws with the device key", async () => {
    const { account, held, get, chain, operations, finish } = await onPasskey();
    expect(world.passkeys.asked).toEqual(["make-key", "try-key"]);
    expect((await get()).keys.mfa).toEqual([held]);
    expect(await accountReader(chain).roleOfKey(account, keyId(held.key))).toBe("mfa");

    const done = await finish(await operations.start(ONE_UNIT()));
    expect(done.status).toBe("done");
    expect(done.steps.map(({ id, holder }) => [id, holder])).toContainEqual(["cosign", "passkey"]);
    expect(world.passkeys.asked.at(-1)).toBe("sign-with-key");
    expect(world.lastView?.signers).toEqual([
      { role: "device", holder: "this-computer" },
      { role: "mfa", holder: "passkey" },
    ]);
    expect((await world.executed(account)).map(({ eventName }) => eventName)).toEqual([
      "KeyReplaced",
      "Withdrawn",
    ]);
  });

  test.each(["mfa", "recovery"] as const)("gives the %s key back to the network", async (role) => {
    const { account, get, returnToNetwork, operations, finish } = await onPasskey(role);
    const back = await finish(await returnToNetwork.start(role, ["device", role]));
    expect(back.status).toBe("done");
    expect((await get()).keys[role]).toMatchObject([{ holder: "network", record: { account } }]);
    expect((await finish(await operations.start(ONE_UNIT()))).status).toBe("done");
  });

  test("that is lost is replaced with the recovery key, and by another passkey", async () => {
    const { account, held, get, operations, finish, ...app } = await onPasskey();
    const other = await makePasskey(app, "Phone");
    const intent = replaceKey("mfa", other);
    const lost = await operations.start(async (standing) => ({
      ...(await intent(standing)),
      signedBy: ["device", "recovery"],
    }));
    expect((await finish(lost)).status).toBe("done");
    expect((await get()).keys.mfa).toEqual([other]);
    expect(await world.executed(account)).toHaveLength(2);
    expect(keyId(held.key)).not.toBe(keyId(other.key));
  });

  test("is replaced by a key on the Ledger, which shows the keys' ids where a passkey has no address", async () => {
    const { account, get, operations, finish } = await onPasskey();
    const onLedger = replaceKey("recovery", await world.ledgerHolder());
    expect((await finish(await operations.start(onLedger))).status).toBe("done");
    // The passkey is lost, and somebody else takes over: the Ledger signs a change of which one key has no address.
    const intent = replaceKey("mfa", ALICE);
    const started = await operations.start(async (standing) => ({
      ...(await intent(standing)),
      signedBy: ["device", "recovery"],
    }));
    expect((await finish(started)).status).toBe("done");
    expect(world.lastView?.ledgerFields?.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["oldKey", "newKey"]),
    );
    expect((await get()).keys.mfa).toEqual([ALICE]);
    expect(await world.executed(account)).toHaveLength(3);
  });

  test("holds one key only", async () => {
    const { held, operations } = await onPasskey();
    await expect(operations.start(replaceKey("recovery", held))).rejects.toMatchObject({
      code: "key-in-use",
    });
  });
});

describe("a passkey that does not sign", () => {
  test("is never put on the account: the change stops before anybody else is asked, and goes on", async () => {
    const { directory, account } = await world.createAccount();
    const app = await world.startApp(directory);
    const held = await makePasskey(app);
    world.passkeys.away = true;
    const before = world.approvals;
    const stopped = await app.rest(await app.operations.start(replaceKey("mfa", held)));
    expectStopped(stopped, "accept", "passkey-declined");
    expect(world.approvals).toBe(before);
    expect(await world.executed(account)).toHaveLength(0);

    world.passkeys.away = false;
    expect((await app.finish(app.operations.continue(stopped.id))).status).toBe("done");
  });

  test("because it does not verify the person is not put on the account either", async () => {
    const { directory, account } = await world.createAccount();
    const app = await world.startApp(directory);
    const held = await makePasskey(app);
    world.passkeys.lies = { userVerified: false };
    expectStopped(
      await app.rest(await app.operations.start(replaceKey("mfa", held))),
      "accept",
      "passkey-not-verified",
    );
    expect(await world.executed(account)).toHaveLength(0);
  });

  test("stops a withdrawal before it is sent, also over a restart of the app", async () => {
    const { directory, account, operations, rest } = await onPasskey();
    world.passkeys.away = true;
    const stopped = await rest(await operations.start(ONE_UNIT()));
    expectStopped(stopped, "cosign", "passkey-declined");
    expect(await world.executed(account)).toHaveLength(1);

    world.passkeys.away = false;
    const again = await world.startApp(directory);
    expect((await again.finish(again.operations.continue(stopped.id))).status).toBe("done");
    expect(await world.executed(account)).toHaveLength(2);
  });

  test.each([
    ["another challenge", { challenge: Buffer.alloc(32).toString("base64url") }, "passkey-answer-wrong"],
    ["for another site", { rpId: "wallet.example" }, "passkey-answer-wrong"],
    ["what only shows that it was there", { userVerified: false }, "passkey-not-verified"],
  ])("what it should, but %s: the answer is thrown away", async (_, lies, code) => {
    const { account, operations, rest } = await onPasskey();
    world.passkeys.lies = lies;
    expectStopped(await rest(await operations.start(ONE_UNIT())), "cosign", code);
    expect(await world.executed(account)).toHaveLength(1);
  });

  test("lets a withdrawal be dropped while the browser's page waits: the page ends, and nothing is signed", async () => {
    const { directory, account } = await onPasskey();
    const opened = Promise.withResolvers<string>();
    const app = await world.startApp(directory, undefined, undefined, undefined, (url) => {
      opened.resolve(url);
      return Promise.resolve();
    });
    world.passkeys.onPage = async ({ purpose, options }) =>
      app.browser.visit(await openPasskeyPage(purpose, options));
    const { id } = await app.operations.start(ONE_UNIT());
    const page = await opened.promise;
    expect((await fetch(page)).status).toBe(200);
    expect(app.operations.list().find((one) => one.id === id)).toMatchObject({
      status: "running",
      needs: { kind: "passkey" },
    });

    expect((await app.operations.drop(id)).status).toBe("dropped");
    await expect(fetch(page)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    const entry = (await openJournal(directory).list()).find((one) => one.id === id);
    expect(entry).toMatchObject({ ended: "dropped" });
    expect(entry?.signatures.map(({ role }) => role)).toEqual(["device"]);
    expect(await world.executed(account)).toHaveLength(1);
    // It is gone for good, and the next one is asked for as ever.
    world.passkeys.onPage = undefined;
    const again = await world.startApp(directory);
    expect(again.operations.list()).toEqual([]);
    expect((await again.finish(await again.operations.start(ONE_UNIT()))).status).toBe("done");
  });

  test("lets a withdrawal be dropped where it stopped", async () => {
    const { account, operations, rest } = await onPasskey();
    world.passkeys.away = true;
    const stopped = await rest(await operations.start(ONE_UNIT()));
    expect((await operations.drop(stopped.id)).status).toBe("dropped");
    expect(await world.executed(account)).toHaveLength(1);
  });
});
