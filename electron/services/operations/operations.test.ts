import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { REPLACEABLE_ROLES } from "#core/keys/role.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { zTransactionHash } from "#core/primitives/hex.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import { withdraw } from "./intents/withdraw.ts";
import { replaceKey } from "./intents/replace-key.ts";
import { accountReader } from "../chain/account-reader.ts";
import { isComplete } from "../profile.ts";
import { openJournal } from "./journal.ts";
import type { Operations } from "./operations.ts";
import { type StepContext, STEPS } from "./steps.ts";
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

const RECIPIENT = toAddress("0x00000000000000000000000000000000000a11ce");

describe("the creation of an account", () => {
  test("that is interrupted at any point goes on, with the keys it has made and one record for each", async () => {
    for (let at = 0, crashed = true; crashed; at++) {
      const directory = await world.newDirectory();
      const crash = new CrashPoint(at);
      const before = await world.runCreation(directory, crash).catch(() => undefined);
      crashed = crash.crashed;
      const profile = await world.runCreation(directory);
      expect(isComplete(profile), `crashed at ${at}`).toBe(true);
      for (const role of REPLACEABLE_ROLES) {
        expect(profile.keys[role][0]?.record?.account).toBe(profile.account?.address);
        const { version, factors } = await world.registered(profile, role);
        expect([version, factors.length], `crashed at ${at}`).toEqual([1n, 2]);
        const made = before?.keys[role][0]?.key;
        if (made) expect(profile.keys[role][0]?.key).toEqual(made);
      }
    }
  });
});

/** After this many seconds no proof counts any more. */
const TOO_OLD = 660;

/** What the person has to prove before an operation goes on. */
function needOf({ needs }: OperationView): ProofNeed {
  if (needs?.kind !== "proofs") throw new Error("no proof is asked for");
  return needs.need;
}

type Start = (operations: Operations) => Promise<OperationView>;

/**
 * Starts an operation in an app that crashes at its n-th chance, and finishes it in a second one.
 * @returns whether there was an n-th chance
 */
async function crashAndResume(directory: string, at: number, start: Start): Promise<boolean> {
  const crash = new CrashPoint(at);
  const first = await world.startApp(directory, crash);
  await start(first.operations)
    .then(first.finish)
    .catch(() => undefined);

  const second = await world.startApp(directory);
  for (const { id } of second.operations.list()) {
    expect((await second.finish(second.operations.continue(id))).status).toBe("done");
  }
  return crash.crashed;
}

describe("a withdrawal", () => {
  test("runs exactly once however often the app crashes, at every point it can", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1000");
    let chances = 0;
    for (let crashed = true; crashed; chances += 1) {
      const before = (await world.executed(account)).length;
      crashed = await crashAndResume(directory, chances, (operations) =>
        operations.start(withdraw({ token: world.tusd, to: RECIPIENT, amount: 1_000_000n })),
      );
      const ran = (await world.executed(account)).length - before;
      // Before the journal knows of it, the operation is as if it had never been started.
      expect(ran, `crash ${chances}`).toBe(chances < 1 ? 0 : 1);
    }
    expect(chances).toBeGreaterThan(10);
  }, 120_000);

  test("asks for a proof only once what was proven is too old, and goes on when it is given", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, prove, rest } = await world.startApp(directory);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    expect((await rest(await operations.start(withdraw(wish)))).status).toBe("done");
    world.passTime(TOO_OLD);
    const waiting = await rest(await operations.start(withdraw(wish)));
    expect(waiting).toMatchObject({ status: "waiting", needs: { need: { ways: [["E"]], stale: ["E"] } } });
    expect(await rest(operations.continue(waiting.id))).toEqual(waiting);
    expect(await world.executed(account)).toHaveLength(1);
    await prove(needOf(waiting));
    await operations.lookAtProofs();
    const ready = operations.list().find(({ id }) => id === waiting.id);
    expect(ready).toMatchObject({ status: "waiting" });
    expect(ready?.needs).toBeUndefined();
    expect((await rest(operations.continue(waiting.id))).status).toBe("done");
  });

  test("asks again after the wallet was locked, whatever was chosen before", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, rest } = await world.startApp(directory);
    world.passTime(TOO_OLD);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    const { id } = await rest(await operations.start(withdraw(wish)));
    await rest(operations.useWallet(id, world.ledgerAddress));
    operations.locked();
    const after = operations.list().find((operation) => operation.id === id);
    expect([after?.needs, after?.wallet]).toEqual([undefined, undefined]);
  });

  test("says at which step it stopped and why, and goes on from there without another code", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, rest, finish } = await world.startApp(directory);
    world.stopNodes(2, 4);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    const stopped = await finish(await operations.start(withdraw(wish)));
    expect(stopped.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "cosign",
      error: { code: "network-too-few-nodes" },
    });
    world.stopNodes();
    expect((await rest(operations.continue(stopped.id))).status).toBe("done");
  });

  test("waits in a lane of its own beside another one, and both run", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, finish } = await world.startApp(directory);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1_000_000n };
    const [one, two] = [await operations.start(withdraw(wish)), await operations.start(withdraw(wish))];
    const ended = [await finish(one), await finish(two)];
    expect(ended.map(({ status }) => status)).toEqual(["done", "done"]);
    expect(await world.executed(account)).toHaveLength(2);
  });

  test("that is begun at the very moment of another takes no place of the other's, and both run", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, finish } = await world.startApp(directory);
    const begun = await Promise.all(
      [1_000_000n, 2_000_000n].map((amount) =>
        operations.start(withdraw({ token: world.tusd, to: RECIPIENT, amount })),
      ),
    );
    for (const view of begun) expect((await finish(view)).status).toBe("done");
    expect(await world.executed(account)).toHaveLength(2);
  });

  test("that was dropped leaves nothing and never runs", async () => {
    const { directory, account } = await world.createAccount();
    const { operations, finish } = await world.startApp(directory);
    // The account holds nothing, so it stops where the relay refuses it.
    const view = await finish(
      await operations.start(withdraw({ token: NATIVE_TOKEN, to: RECIPIENT, amount: 1n })),
    );
    expect(view.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "submit",
      error: { code: "contract-BalanceTooLow" },
    });
    expect((await operations.drop(view.id)).status).toBe("dropped");
    await world.fund(account, "1");
    const again = await world.startApp(directory);
    expect(again.operations.list()).toEqual([]);
    expect(await world.executed(account)).toEqual([]);
  });

  test("that was dropped is approved anew when it is wanted again", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1");
    const { operations, rest, finish } = await world.startApp(directory);
    world.passTime(TOO_OLD);
    const wish = { token: world.tusd, to: RECIPIENT, amount: 1n };
    const first = await rest(await operations.start(withdraw(wish)));
    const before = world.approvals;
    await operations.drop(first.id);
    expect((await finish(await operations.start(withdraw(wish)))).status).toBe("done");
    expect(world.approvals).toBe(before + 1);
  });

  test("that is dropped while the Ledger asks stays dropped, however slow the disk is", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1");
    const first = await world.startApp(directory);
    const holder = await world.ledgerHolder();
    await first.finish(await first.operations.start(replaceKey("mfa", holder)));

    const written = Promise.withResolvers<undefined>();
    const { operations, rest } = await world.startApp(directory, undefined, async ({ ended, failure }) => {
      if (failure) await written.promise;
      if (ended === "dropped") written.resolve(undefined);
    });
    const asked = world.ledgerAsks();
    const view = await operations.start(withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n }));
    await asked;
    await operations.drop(view.id);
    world.ledger.screen.approval = "always";
    world.ledger.unplug();
    world.ledger.plug();
    expect((await rest(view)).status).toBe("dropped");
    expect(operations.list().find(({ id }) => id === view.id)?.status).toBe("dropped");
    expect((await world.startApp(directory)).operations.list()).toEqual([]);
    expect(await world.executed(account)).toHaveLength(1);
  });
});

describe("a key replacement", () => {
  test("happens exactly once however often the app crashes, and profile and chain agree", async () => {
    let chances = 0;
    for (let crashed = true; crashed; chances += 1) {
      const { directory, account } = await world.createAccount();
      const holder = await world.ledgerHolder();
      crashed = await crashAndResume(directory, chances, (operations) =>
        operations.start(replaceKey("mfa", holder)),
      );
      const events = await world.executed(account);
      expect(events.length, `crash ${chances}`).toBe(chances < 1 ? 0 : 1);
      const { file, chain } = await world.startApp(directory);
      const [held, ...more] = (await file.read())?.keys.mfa ?? [];
      if (!held || more.length > 0) throw new Error("there is not one mfa key");
      expect(held.holder, `crash ${chances}`).toBe(events.length === 1 ? "ledger" : "network");
      if (events.length === 1) {
        expect(await accountReader(chain).roleOfKey(account, keyId(held.key))).toBe("mfa");
      }
    }
    expect(chances).toBeGreaterThan(12);
  }, 240_000);

  test("is done without its trial signature when the person skips that", async () => {
    const { directory } = await world.createAccount();
    const { operations, prove, rest } = await world.startApp(directory);
    world.passTime(TOO_OLD);
    const started = await rest(await operations.start(replaceKey("mfa", await world.ledgerHolder())));
    expect(started.droppable).toBe(true);
    // The Ledger signs that it accepts, and is not there any more for the trial.
    await prove(needOf(started));
    world.ledger.lock();
    const stopped = await rest(operations.continue(started.id));
    expect(stopped.steps.at(-1)).toMatchObject({ id: "trial", status: "failed" });
    expect((await operations.drop(started.id)).status).toBe("done");
    world.ledger.unlock();
  });

  test("refuses a Ledger that holds a key of the account already", async () => {
    const { directory } = await world.createAccount();
    const { operations, finish } = await world.startApp(directory);
    const holder = await world.ledgerHolder();
    expect((await finish(await operations.start(replaceKey("mfa", holder)))).status).toBe("done");
    await expect(operations.start(replaceKey("recovery", holder))).rejects.toMatchObject({
      code: "key-in-use",
    });
  });
});

describe("a relay", () => {
  const wish = (amount: bigint) => withdraw({ token: world.tusd, to: RECIPIENT, amount });

  /** A transaction of somebody else's that the chain accepted. */
  async function otherTransaction() {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "1");
    const { operations, finish } = await world.startApp(directory);
    const { transactionHash } = await finish(await operations.start(wish(1n)));
    if (!transactionHash) throw new Error("nothing was sent");
    return transactionHash;
  }

  test("that names another transaction than the operation's is not believed, and the operation can be sent again", async () => {
    const other = await otherTransaction();
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, rest, finish, get } = await world.startApp(directory);
    expect((await finish(await operations.start(wish(1n)))).status).toBe("done");

    const { keys } = await get();
    world.relayFault = () => Promise.resolve(other);
    const lied = await finish(await operations.start(replaceKey("mfa", await world.ledgerHolder())));
    expect(lied).toMatchObject({ status: "waiting", droppable: false });
    expect(lied.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "submit",
      error: { code: "transaction-reverted" },
    });
    expect((await get()).keys).toEqual(keys);

    world.relayFault = undefined;
    expect((await rest(operations.continue(lied.id))).status).toBe("done");
    expect((await get()).keys.mfa).toEqual([expect.objectContaining({ holder: "ledger" })]);
    expect(await world.executed(account)).toHaveLength(2);
  });

  test("that names a transaction which never comes leaves an operation that is sent again", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const patient = await world.startApp(directory);
    expect((await patient.finish(await patient.operations.start(wish(1n)))).status).toBe("done");

    world.patience = 1;
    const impatient = await world.startApp(directory);
    world.relayFault = () => Promise.resolve(zTransactionHash.parse(`0x${"5e".repeat(32)}`));
    const waits = await impatient.finish(await impatient.operations.start(wish(1n)));
    expect(waits).toMatchObject({ status: "waiting", droppable: false });
    expect(waits.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "submit",
      error: { code: "transaction-not-seen" },
    });

    world.relayFault = undefined;
    world.patience = undefined;
    const { operations, rest } = await world.startApp(directory);
    expect((await rest(operations.continue(waits.id))).status).toBe("done");
    expect(await world.executed(account)).toHaveLength(2);
  });

  test("that was lost lets an operation be dropped once another one took its place, and not before", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const [here, elsewhere] = [await world.startApp(directory), await world.startApp(directory)];
    expect((await here.finish(await here.operations.start(wish(1n)))).status).toBe("done");
    world.relayFault = () => Promise.reject(new WalletError("relay-unreachable", "Lost.", "Continue."));
    const stopped = await here.finish(await here.operations.start(wish(1n)));
    await expect(here.operations.drop(stopped.id)).rejects.toMatchObject({ code: "not-droppable" });
    world.relayFault = undefined;
    expect((await elsewhere.finish(await elsewhere.operations.start(wish(2n)))).status).toBe("done");
    const over = await here.rest(here.operations.continue(stopped.id));
    expect(over.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "submit",
      error: { code: "nonce-used" },
    });
    expect((await here.operations.drop(stopped.id)).status).toBe("dropped");
    expect(await world.executed(account)).toHaveLength(2);
  });

  test("that was lost leaves an operation that may have run where it is, while the chain shows nothing of it", async () => {
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { chain, operations, finish } = await world.startApp(directory);
    expect((await finish(await operations.start(wish(1n)))).status).toBe("done");
    const [ran] = await openJournal(directory).list();
    if (!ran) throw new Error("nothing was journalled");
    // A node that lags knows no event of what another node counts as used.
    const late = {
      transactionOf: () => Promise.resolve(undefined),
      showsPlaceTaken: () => Promise.resolve(false),
    };
    const saved: unknown[] = [];
    const submitted = STEPS.submit(ran, {
      reader: { ...accountReader(chain), ...late },
      save: (entry: unknown) => Promise.resolve(saved.push(entry)),
    } as unknown as StepContext);
    await expect(submitted).rejects.toMatchObject({ code: "operation-not-shown" });
    expect(saved).toEqual([]);
  });

  test("that only says that it wrote a record completes no account", async () => {
    const other = await otherTransaction();
    const directory = await world.newDirectory();
    world.relayFault = () => Promise.resolve(other);
    expect(isComplete(await world.runCreation(directory))).toBe(false);
    world.relayFault = undefined;
    const profile = await world.runCreation(directory);
    expect(isComplete(profile)).toBe(true);
    for (const role of REPLACEABLE_ROLES) expect((await world.registered(profile, role)).version).toBe(1n);
  });

  test("that claims to have put the account on the chain is not believed either", async () => {
    const other = await otherTransaction();
    const { directory, account } = await world.createAccount();
    await world.fund(account, "10");
    const { operations, rest, finish } = await world.startApp(directory);
    world.relayFault = () => Promise.resolve(other);
    const lied = await finish(await operations.start(wish(1n)));
    expect(lied.steps.find(({ status }) => status === "failed")).toMatchObject({
      id: "deploy",
      error: { code: "not-deployed" },
    });
    world.relayFault = undefined;
    expect((await rest(operations.continue(lied.id))).status).toBe("done");
    expect(await world.executed(account)).toHaveLength(1);
  });
});
