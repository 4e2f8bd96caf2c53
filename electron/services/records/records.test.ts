import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { zTransactionHash } from "#core/primitives/hex.ts";
import { CrashPoint } from "../testing/crash.ts";
import { World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => {
  world.relayFault = undefined;
  world.patience = undefined;
});
afterAll(async () => {
  await world.stop();
});

const WALLET = { type: "wallet", id: `0x${"ab".repeat(20)}` } as const;

describe("the record of a key that the network holds", () => {
  test("is changed once the person approved it in the confirm window", async () => {
    const { directory, account } = await world.createAccount();
    const records = await world.startRecords(directory);
    const before = await records.read("mfa");
    const email = before?.record.factors ?? [];
    expect(before?.record.account).toBe(account);
    expect(email.map(({ type }) => type)).toEqual(["email"]);

    const approvals = world.approvals;
    await records.change("mfa", { factors: [...email, WALLET] });
    expect(world.approvals).toBe(approvals + 1);
    expect(await records.read("mfa")).toEqual({
      gate: before?.gate,
      record: { account, factors: [...email, WALLET] },
    });
    expect((await records.read("recovery"))?.record.factors).toEqual(email);
    await records.change("mfa", { factors: email });
    expect(await records.read("mfa")).toEqual(before);
  });

  test("is refused when it is not one change, or not of a key in the network", async () => {
    const { directory } = await world.createAccount();
    const records = await world.startRecords(directory);
    await expect(records.change("mfa", {})).rejects.toMatchObject({ code: "one-change-at-a-time" });
    const factors = [WALLET, { type: "sms", id: "1" } as const];
    await expect(records.change("mfa", { factors })).rejects.toMatchObject({ code: "one-change-at-a-time" });

    const empty = await world.newDirectory();
    await world.runCreation(empty, new CrashPoint(0));
    const none = await world.startRecords(empty);
    expect(await none.read("mfa")).toBeUndefined();
    await expect(none.change("mfa", {})).rejects.toMatchObject({ code: "key-not-in-network" });
  });

  test("is not changed because a relay says so", async () => {
    const { directory } = await world.createAccount();
    world.patience = 1;
    const records = await world.startRecords(directory);
    const before = await records.read("mfa");
    const factors = [...(before?.record.factors ?? []), WALLET];
    world.relayFault = () => Promise.resolve(zTransactionHash.parse(`0x${"5e".repeat(32)}`));
    await expect(records.change("mfa", { factors })).rejects.toMatchObject({ code: "record-not-written" });
    expect(await records.read("mfa")).toEqual(before);

    world.relayFault = undefined;
    world.patience = undefined;
    const patient = await world.startRecords(directory);
    await patient.change("mfa", { factors });
    expect((await patient.read("mfa"))?.record.factors).toEqual(factors);
  });

  test("is known whenever Trivet stopped in the middle of a change", async () => {
    for (let at = 0, crashed = true; crashed; at++) {
      const { directory, account } = await world.createAccount();
      const first = await world.startRecords(directory);
      const before = (await first.read("mfa"))?.record.factors ?? [];
      const crash = new CrashPoint(at);
      const crashing = await world.startRecords(directory, crash);
      await crashing.change("mfa", { factors: [...before, WALLET] }).catch(() => undefined);
      crashed = crash.crashed;

      const records = await world.startRecords(directory);
      const { factors: known = [] } = (await records.read("mfa"))?.record ?? {};
      const wanted = known.length === before.length ? [...known, WALLET] : before;
      // The registry takes the next change only if the present record is known.
      await records.change("mfa", { factors: wanted });
      expect((await records.read("mfa"))?.record, `crashed at ${at}`).toEqual({ account, factors: wanted });
    }
  });
});
