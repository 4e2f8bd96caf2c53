import { afterAll, beforeAll, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { maskOfRoles } from "#core/keys/role.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { ownDeviceKey } from "../profile.ts";
import { World } from "../testing/world.ts";
import { change } from "./intents/change.ts";
import { withdraw } from "./intents/withdraw.ts";

const BEN = toAddress(`0x${"be".repeat(20)}`);
const EVE = toAddress(`0x${"ee".repeat(20)}`);

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

/** An account with 100 TUSD, and who signs a withdrawal from it. */
async function account() {
  const { directory, account: address } = await world.createAccount();
  await world.fund(address, "100");
  const { operations, finish, get } = await world.startApp(directory);
  const own = ownDeviceKey((await get()).keys);
  if (!own) throw new Error("this computer has a key");
  const make = async (wish: ChangeWish) => {
    expect((await finish(await operations.start(change(wish)))).status).toBe("done");
  };
  const of = (to: Address, amount: bigint) => withdraw({ token: world.tusd, to, amount });
  const signers = async (to: Address, amount: bigint) =>
    (await operations.review(of(to, amount))).ways[0]?.roles;
  const run = async (to: Address, amount: bigint) =>
    (await finish(await operations.start(of(to, amount)))).status;
  return { make, signers, run, key: keyId(own.key), operations, finish, address };
}

test("two keys sign a withdrawal, unless the owner allowed the device key to send there alone", async () => {
  const { make, signers, run } = await account();
  expect(await signers(BEN, 5_000_000n)).toEqual(["device", "mfa"]);
  await make({ kind: "setAllowlisted", recipient: BEN, allowed: true });
  expect(await signers(BEN, 5_000_000n)).toEqual(["device"]);
  expect(await signers(EVE, 5_000_000n)).toEqual(["device", "mfa"]);
  const approvals = world.approvals;
  expect(await run(BEN, 5_000_000n)).toBe("done");
  expect(world.approvals).toBe(approvals + 1);
  await make({ kind: "setAllowlisted", recipient: BEN, allowed: false });
  expect(await signers(BEN, 5_000_000n)).toEqual(["device", "mfa"]);
});

test("within its daily limit and hours the device key signs alone, beyond them two keys do", async () => {
  const { make, signers, run, key } = await account();
  await make({ kind: "setLimit", key, token: world.tusd, limit: 10_000_000n });
  expect(await signers(EVE, 10_000_000n)).toEqual(["device"]);
  expect(await run(EVE, 6_000_000n)).toBe("done");
  expect(await signers(EVE, 4_000_000n)).toEqual(["device"]);
  expect(await signers(EVE, 5_000_000n)).toEqual(["device", "mfa"]);
  expect(await run(EVE, 5_000_000n)).toBe("done");
  await make({ kind: "setHours", key, closedHours: 2 ** 24 - 1 });
  expect(await signers(EVE, 1n)).toEqual(["device", "mfa"]);
});

test("where the owner allowed a single key to act after a delay, one key can be chosen, and the withdrawal waits", async () => {
  const { make, operations, finish, address } = await account();
  const singleKeyRoles = maskOfRoles(["device"]);
  await make({
    kind: "setRules",
    singleKeyRoles,
    pendingKeysMayCall: false,
    tripwireCount: 0,
    tripwireWindow: 0,
  });
  const wish = { token: world.tusd, to: EVE, amount: 5_000_000n };
  const { ways } = await operations.review(withdraw(wish));
  expect(ways.map(({ roles, effect, seconds }) => [roles.join(), effect, seconds])).toEqual([
    ["device,mfa", "now", 0],
    ["device", "afterSingleKeyDelay", 7 * 86_400],
  ]);
  const scheduled = await finish(await operations.start(withdraw(wish, ["device"])));
  expect(scheduled).toMatchObject({ status: "done", effect: "afterSingleKeyDelay" });
  expect(world.lastView?.then).toContain("waits 7 days. Any other active key of the account can cancel it");
  const events = (await world.executed(address)).map(({ eventName }) => eventName);
  expect(events).toContain("OperationScheduled");
  expect(events).not.toContain("Withdrawn");

  expect(await finish(await operations.start(withdraw(wish)))).toMatchObject({ effect: "now" });
  expect(world.lastView?.then).toContain("leaves the account at once");
});
