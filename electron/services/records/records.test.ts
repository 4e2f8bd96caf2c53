import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type TransactionHash, zTransactionHash } from "#core/primitives/hex.ts";
import { change } from "../operations/intents/change.ts";
import { profileFile } from "../profile.ts";
import { CrashPoint } from "../testing/crash.ts";
import { World } from "../testing/world.ts";
import { apiView } from "../watcher/account-watch.ts";
import { httpSources } from "../watcher/http-source.ts";
import { ownBy } from "../watcher/own.ts";
import { profileWatchFile } from "../watcher/state.ts";
import { createWatcher } from "../watcher/watcher.ts";
import { signedRecords } from "./signed-records.ts";

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

/** An account that is on the chain: before, there is nothing to watch. */
async function onChain() {
  const { directory } = await world.createAccount();
  const { operations, finish } = await world.startApp(directory);
  const allow = change({ kind: "setAllowlisted", recipient: world.tusd, allowed: true });
  expect((await finish(await operations.start(allow))).status).toBe("done");
  const records = await world.startRecords(directory);
  return { directory, records, email: (await records.read("mfa"))?.record.factors ?? [] };
}

/** What the app's window says of records that were changed, on the computer with this directory. */
async function warned(directory: string): Promise<number> {
  const { account } = (await profileFile(directory).read()) ?? {};
  if (!account) throw new Error("there is no account");
  const { chain, contracts, tokens } = world.config;
  const watcher = createWatcher({
    sources: httpSources(chain.rpcUrls),
    chainId: chain.id,
    contracts,
    tokens,
    file: profileWatchFile(await world.newDirectory()),
    from: 0,
    notifiers: [],
    // The chain's clock may be ahead: what came after this is no history.
    now: () => 0,
  });
  const signed = signedRecords(directory);
  await signed.load();
  const view = await watcher.step([account.address]);
  expect(view.upToDate).toBe(true);
  const { warnings } = apiView(view, ownBy({ submitted: () => new Map() }, signed));
  return warnings.filter(({ title }) => title === RECORD_CHANGED).length;
}

const RECORD_CHANGED = "What the key network asks before it signs was changed";

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

  test("is no news to the computer that changed it, and is to every other one", async () => {
    const { directory, records, email } = await onChain();
    await records.change("mfa", { factors: [...email, WALLET] });
    await records.change("mfa", { factors: email });
    expect(await warned(directory)).toBe(0);

    // The same account, without what this computer remembers of its own changes.
    const elsewhere = await world.newDirectory();
    await cp(directory, elsewhere, { recursive: true });
    await rm(path.join(elsewhere, "signed-records.json"));
    expect(await warned(elsewhere)).toBe(2);
  });

  test("is news where somebody else wrote another one in its place", async () => {
    const { directory, records, email } = await onChain();
    const thief = await world.newDirectory();
    await cp(directory, thief, { recursive: true });
    const stolen = await world.startRecords(thief);
    const other = { type: "wallet", id: `0x${"cd".repeat(20)}` } as const;
    // The relay sends the thief's in place of what this computer signed, and names that transaction as the answer.
    let sent: TransactionHash | undefined;
    world.relayFault = async () => {
      world.relayFault = async (call, send) => (sent = await send(call));
      await stolen.change("mfa", { factors: [...email, other] });
      if (!sent) throw new Error("the thief's record was not sent");
      return sent;
    };
    await expect(records.change("mfa", { factors: [...email, WALLET] })).rejects.toMatchObject({
      code: "record-not-written",
    });
    expect(await warned(directory)).toBe(1);
    expect(await warned(thief)).toBe(0);
  });

  test("is news where it comes after this computer was told that it was not sent", async () => {
    const { directory, records, email } = await onChain();
    let sendLater: (() => Promise<unknown>) | undefined;
    world.relayFault = (call, send) => {
      sendLater = () => send(call);
      return Promise.reject(new WalletError("relay-refused", "The relay refused it.", "Try again."));
    };
    await expect(records.change("mfa", { factors: [...email, WALLET] })).rejects.toMatchObject({
      code: "relay-refused",
    });
    await sendLater?.();
    expect(await warned(directory)).toBe(1);
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
