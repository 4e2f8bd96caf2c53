import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountAbi } from "#contracts/abi.ts";
import type { Role } from "#core/keys/role.ts";
import { keyOfScript } from "#core/keys/script-key.ts";
import { scriptsKeyTitle } from "#core/operations/consequences.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { zOperationId } from "#core/primitives/hex.ts";
import { createChainClient } from "../chain/client.ts";
import { CrashPoint } from "../testing/crash.ts";
import { World } from "../testing/world.ts";
import { change } from "./intents/change.ts";
import { replaceKey } from "./intents/replace-key.ts";
import { withdraw } from "./intents/withdraw.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const RECIPIENT = toAddress("0x00000000000000000000000000000000000a11ce");
const addEmergency = { kind: "setEmergencyAddress", recipient: RECIPIENT, enabled: true } as const;

/** An account with a change made for each wish, in an app that is left open. */
async function accountAfter(...wishes: (readonly [wish: ChangeWish, signedBy?: readonly Role[]])[]) {
  const { directory, account } = await world.createAccount();
  const app = await world.startApp(directory);
  const make = async (wish: ChangeWish, signedBy?: readonly Role[]) =>
    app.finish(await app.operations.start(change(wish, signedBy)));
  for (const [wish, signedBy] of wishes) expect((await make(wish, signedBy)).status).toBe("done");
  return { ...app, directory, account, make };
}

/** "no", "locked" or "archived", as the account itself says. */
async function freezeOf(account: Address): Promise<string | undefined> {
  const { client } = createChainClient(world.config);
  const [frozen] = await client.readContract({
    address: account,
    abi: accountAbi,
    functionName: "getFreeze",
  });
  return ["no", "locked", "archived"][frozen];
}

const signersOf = (ways: readonly { signers: readonly { role: Role }[]; effect: string }[]) =>
  ways.map(({ signers, effect }) => `${signers.map(({ role }) => role).join("+")} ${effect}`);

describe("a change of the account", () => {
  test("by one key alone happens exactly once however often the app crashes", async () => {
    let chances = 0;
    for (let crashed = true; crashed; chances += 1) {
      const { directory, account } = await world.createAccount();
      const crash = new CrashPoint(chances);
      const first = await world.startApp(directory, crash);
      await first.operations
        .start(change({ kind: "lock" }))
        .then(first.finish)
        .catch(() => undefined);
      const second = await world.startApp(directory);
      for (const { id } of second.operations.list()) {
        expect((await second.finish(second.operations.continue(id))).status).toBe("done");
      }
      crashed = crash.crashed;
      const names = (await world.executed(account)).map(({ eventName }) => eventName);
      expect(names, `crash ${chances}`).toEqual(chances < 1 ? [] : ["Changed", "Locked"]);
    }
    expect(chances).toBeGreaterThan(6);
  }, 120_000);

  test("has the steps of whoever signs it, and no others", async () => {
    const { operations, finish } = await accountAfter();
    const { ways, deploysFirst } = await operations.review(change(addEmergency));
    expect([signersOf(ways), deploysFirst]).toEqual([["device+mfa now"], true]);
    const { steps } = await finish(await operations.start(change({ kind: "lock" })));
    expect(steps.map(({ id }) => id)).toEqual(["deploy", "confirm", "submit", "settle"]);
  });

  test("is signed by the roles that were chosen: a network's key alone locks, and the device key can lock no more", async () => {
    const { account, make, operations } = await accountAfter([{ kind: "lock" }, ["mfa"]]);
    expect(await freezeOf(account)).toBe("locked");
    expect((await make({ kind: "unfreeze" }, ["device", "recovery"])).status).toBe("done");
    expect(await freezeOf(account)).toBe("no");
    await expect(operations.start(change({ kind: "lock" }, ["mfa"]))).rejects.toMatchObject({
      code: "locked-recently",
    });
    // Before a key is chosen, all of them are offered: another one can lock.
    expect(signersOf((await operations.review(change({ kind: "lock" }))).ways)).toHaveLength(3);
    expect((await make({ kind: "lock" })).status).toBe("done");
    expect(await freezeOf(account)).toBe("locked");
  });

  test("is signed on the Ledger alone where that is the one key, once it was approved here", async () => {
    const { account, operations, finish, make } = await accountAfter();
    expect((await finish(await operations.start(replaceKey("mfa", await world.ledgerHolder())))).status).toBe(
      "done",
    );
    const before = world.approvals;
    const locked = await make({ kind: "lock" }, ["mfa"]);
    expect(locked).toMatchObject({ status: "done", summary: { change: { kind: "lock" } } });
    expect(world.approvals).toBe(before + 1);
    expect(await freezeOf(account)).toBe("locked");
  });

  test("that adds a script's key says to the screens which contract makes it one", async () => {
    const { scriptVerifier = NATIVE_TOKEN } = world.config.contracts;
    const wish = {
      kind: "addKey",
      role: "device",
      key: keyOfScript(scriptVerifier, RECIPIENT),
      expires: 0,
    } as const;
    const { operations } = await accountAfter([wish]);
    const [{ summary } = {}] = operations.list();
    if (summary?.kind !== "change") throw new Error("it is no change");
    expect(scriptsKeyTitle(summary.change, summary.scriptVerifier)).toBe("Add a script's key");
    expect(world.lastView?.title).toBe("Add a script's key");
  });

  test("that has to wait is scheduled, and says so", async () => {
    const { account, make, operations } = await accountAfter([{ kind: "archive" }]);
    const { ways } = await operations.review(change({ kind: "unfreeze" }));
    expect(signersOf(ways)).toEqual(["device+mfa now", "device+recovery now", "recovery afterRecoveryDelay"]);
    expect(ways.map(({ seconds }) => seconds)).toEqual([0, 0, 604_800]);
    expect(await make({ kind: "unfreeze" }, ["recovery"])).toMatchObject({
      status: "done",
      effect: "afterRecoveryDelay",
    });
    expect(await freezeOf(account)).toBe("archived");
    const [scheduled] = (await world.executed(account)).filter(
      ({ eventName }) => eventName === "OperationScheduled",
    );
    if (scheduled?.eventName !== "OperationScheduled") throw new Error("nothing was scheduled");
    const operation = zOperationId.parse(scheduled.args.operation);
    expect((await make({ kind: "cancel", operation })).status).toBe("done");
    await expect(operations.start(change({ kind: "cancel", operation }))).rejects.toMatchObject({
      code: "not-scheduled",
    });
  });
});

describe("what is refused before anybody signs", () => {
  test("everything but unfreezing, while the account is frozen", async () => {
    const { operations } = await accountAfter([{ kind: "archive" }]);
    const withdrawal = withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n });
    for (const intent of [withdrawal, change(addEmergency)]) {
      await expect(operations.start(intent)).rejects.toMatchObject({ code: "account-frozen" });
    }
    for (const kind of ["lock", "archive"] as const) {
      await expect(operations.start(change({ kind }))).rejects.toMatchObject({ code: "already-frozen" });
    }
  });

  test("ending a freeze that there is not", async () => {
    const { operations } = await accountAfter();
    await expect(operations.start(change({ kind: "unfreeze" }))).rejects.toMatchObject({
      code: "not-frozen",
    });
  });

  test.each([
    ["the zero address", () => NATIVE_TOKEN, "address-zero"],
    ["the account itself", (account: Address) => account, "address-own"],
    ["a token's contract", () => world.tusd, "address-token"],
  ])("an emergency address or successor that is %s", async (_, addressOf, code) => {
    const { operations, account } = await accountAfter();
    const address = addressOf(account);
    await expect(
      operations.review(change({ kind: "setEmergencyAddress", recipient: address, enabled: true })),
    ).rejects.toMatchObject({ code });
    if (address === NATIVE_TOKEN) return;
    await expect(
      operations.review(change({ kind: "setSuccessor", successor: address })),
    ).rejects.toMatchObject({ code });
  });

  test("an emergency address that signs for the account, is one already, or is none", async () => {
    const { operations, get } = await accountAfter([addEmergency]);
    const { keys } = await get();
    const signer = toAddress(keys.device[0]?.key.signer ?? "");
    const review = (recipient: Address, enabled: boolean) =>
      operations.review(change({ kind: "setEmergencyAddress", recipient, enabled }));
    await expect(review(signer, true)).rejects.toMatchObject({ code: "address-key" });
    await expect(review(RECIPIENT, true)).rejects.toMatchObject({ code: "emergency-address-known" });
    await expect(review(signer, false)).rejects.toMatchObject({ code: "emergency-address-unknown" });
  });

  test("signers that the policy does not take", async () => {
    const { operations } = await accountAfter();
    await expect(operations.start(change(addEmergency, ["device", "recovery"]))).rejects.toMatchObject({
      code: "no-authority",
    });
  });

  test("arming again what does not sleep or is not scheduled", async () => {
    const { operations } = await accountAfter([{ kind: "archive" }]);
    const operation = zOperationId.parse(`0x${"77".repeat(32)}`);
    await expect(operations.start(change({ kind: "cancel", operation }))).rejects.toMatchObject({
      code: "not-scheduled",
    });
  });
});
