import { afterAll, beforeAll, expect, test } from "vitest";
import { ROLES, type Role } from "#core/keys/role.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { toAddress } from "#core/primitives/address.ts";
import { accountReader } from "../chain/account-reader.ts";
import { change } from "../operations/intents/change.ts";
import { createSchedule } from "../schedule/schedule.ts";
import { World } from "../testing/world.ts";
import { createFreeze } from "./freeze.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const SUCCESSOR = toAddress("0x00000000000000000000000000000000000a11ce");

/** An account with its freeze, its schedule, and a way to change it. */
async function account() {
  const { directory } = await world.createAccount();
  const { operations, finish, chain, relay, get } = await world.startApp(directory);
  // This computer's clock stands at the chain's beginning: the chain is ahead by all that passed on it.
  const { timestamp } = await chain.read((client) => client.getBlock());
  const began = Number(timestamp);
  const options = {
    chain,
    relay,
    reader: accountReader(chain),
    profile: { get },
    now: () => began * 1000,
  };
  return {
    began,
    freeze: createFreeze(options),
    schedule: createSchedule(options),
    make: async (wish: ChangeWish, signedBy?: readonly Role[]) => {
      expect((await finish(await operations.start(change(wish, signedBy)))).status).toBe("done");
    },
  };
}

test("an account that is not on the chain yet is open, and each of its keys can lock it", async () => {
  const { freeze, schedule } = await account();
  const view = await freeze.view();
  expect(view).toMatchObject({ frozen: "no" });
  expect(view.locks.map(({ role, from }) => [role, from])).toEqual(ROLES.map((role) => [role, undefined]));
  expect(await schedule.list()).toEqual([]);
});

test("a lock lapses in seven days, and its key cannot lock again for thirty", async () => {
  const { freeze, make, began } = await account();
  // The chain's clock is moved, as on a devnet: what is left is counted from this computer's.
  await world.passChainTime(14 * 86_400);
  await make({ kind: "lock" });
  const { frozen, until = 0, locks } = await freeze.view();
  expect(frozen).toBe("locked");
  expect(until).toBeLessThanOrEqual(began + 7 * 86_400);
  expect(until).toBeGreaterThan(began + 6 * 86_400);
  const from = (role: Role) => locks.find((one) => one.role === role)?.from;
  expect((from("device") ?? 0) - until).toBe((30 - 7) * 86_400);
  expect([from("mfa"), from("recovery")]).toEqual([undefined, undefined]);
});

test("what is scheduled is listed with its time, its proposer and what it does, until it is cancelled", async () => {
  const { freeze, schedule, make } = await account();
  await make({ kind: "setSuccessor", successor: SUCCESSOR });
  await make({ kind: "archive" }, ["device", "recovery"]);
  expect(await freeze.view()).toMatchObject({ frozen: "archived", successor: SUCCESSOR });
  await make({ kind: "unfreeze" }, ["recovery"]);
  const [scheduled, ...more] = await schedule.list();
  expect(more).toEqual([]);
  expect(scheduled).toMatchObject({
    effect: "afterRecoveryDelay",
    stage: "waiting",
    proposers: [{ role: "recovery" }],
    summary: { kind: "change", change: { kind: "unfreeze" } },
  });
  if (!scheduled) return;
  expect(scheduled.executableUntil - scheduled.executableAt).toBe(30 * 86_400);
  await make({ kind: "cancel", operation: scheduled.id });
  expect(await schedule.list()).toEqual([]);
});

test("what was scheduled sleeps once the account was frozen again, until it is armed again", async () => {
  const { schedule, make } = await account();
  await make({ kind: "lock" });
  await make({ kind: "unfreeze" }, ["recovery"]);
  await make({ kind: "unfreeze" }, ["device", "mfa"]);
  await make({ kind: "archive" });
  await make({ kind: "unfreeze" });
  const [asleep] = await schedule.list();
  expect(asleep?.stage).toBe("asleep");
  if (!asleep) return;
  await make({ kind: "rearm", operation: asleep.id });
  expect((await schedule.list()).map(({ id, stage }) => [id, stage])).toEqual([[asleep.id, "waiting"]]);
});

test("what is due is run by the relay without a signature, and neither before nor twice", async () => {
  const { freeze, schedule, make } = await account();
  await make({ kind: "archive" });
  await make({ kind: "unfreeze" }, ["recovery"]);
  const [waiting] = await schedule.list();
  if (!waiting) throw new Error("nothing is scheduled");
  await expect(schedule.run(waiting.id)).rejects.toMatchObject({ code: "not-due" });
  expect((await freeze.view()).frozen).toBe("archived");
  await world.passChainTime(7 * 86_400);
  expect((await schedule.list())[0]?.stage).toBe("due");
  await schedule.run(waiting.id);
  expect((await freeze.view()).frozen).toBe("no");
  await expect(schedule.run(waiting.id)).rejects.toMatchObject({ code: "not-scheduled" });
});
