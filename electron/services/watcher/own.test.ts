import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { operationOf, type Wish } from "#contracts/testing/perform.ts";
import { newOwner, newSigner, type Owner, type TestSigner, World } from "#contracts/testing/world.ts";
import { keyId } from "#core/keys/key.ts";
import { encodeOperation } from "#core/operations/call.ts";
import { operationId } from "#core/operations/typed-data.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { type OperationId, type TransactionHash, zTransactionHash } from "#core/primitives/hex.ts";
import { type Alert, isStanding } from "#core/watch/alerts.ts";
import type { Submitted } from "../operations/journal.ts";
import { ownBy } from "./own.ts";
import { rpcSource } from "./source.ts";
import { watchFile } from "./state.ts";
import { createWatcher } from "./watcher.ts";

const DAY = 86_400;
const ANA = toAddress(`0x${"a1".repeat(20)}`);
const EVE = toAddress(`0x${"e5".repeat(20)}`);

let world: World;
let folder: string;
beforeAll(async () => {
  world = await World.start();
  folder = await mkdtemp(path.join(tmpdir(), "trivet-own-"));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

let owner: Owner;
let both: readonly TestSigner[];
let account: Address;
beforeEach(async () => {
  owner = newOwner();
  both = [owner.device, owner.mfa];
  account = await world.createAccount(owner);
});

/** Has the account take an operation, or only propose it. @returns what whoever submitted it remembers */
async function submit(wish: Wish, signers = both): Promise<Required<Submitted>> {
  const operation = await operationOf(world, account, wish);
  const { transactionHash } = await world.run(operation, signers);
  return { operation, transactionHash: zTransactionHash.parse(transactionHash) };
}

const allow = (recipient: Address) => ({ kind: "setAllowlisted", recipient, allowed: true }) as const;
const later = async (seconds: number) => {
  await world.chain.testClient.increaseTime({ seconds });
  await world.chain.testClient.mine({ blocks: 1 });
};

/** What the watcher tells of the account as something that is over. */
async function news(): Promise<Alert[]> {
  const watcher = createWatcher({
    sources: [
      rpcSource("honest", async (method, params) =>
        world.chain.publicClient.transport.request({ method, params }),
      ),
    ],
    chainId: world.domain.chainId,
    contracts: world.contracts,
    tokens: [],
    file: watchFile(path.join(folder, `${account}.json`)),
    from: 0,
    notifiers: [],
    // Nothing that happened is history.
    now: () => 0,
  });
  const { alerts } = await watcher.step([account]);
  return alerts.map(({ alert }) => alert).filter((alert) => !isStanding(alert));
}

/** Whether each of the news is what a computer did that submitted these. */
function judged(alerts: readonly Alert[], submitted: readonly Submitted[]): boolean[] {
  const byId = new Map<OperationId, Submitted>(submitted.map((one) => [operationId(one.operation), one]));
  return alerts.map(ownBy({ submitted: () => byId }, { has: () => false }));
}

const inTransaction = ({ operation }: Submitted, transactionHash?: TransactionHash): Submitted => ({
  operation,
  transactionHash,
});

test("an operation is known as this computer's before a relay named its transaction, and when it named another", async () => {
  const allowed = await submit(allow(ANA));
  const replaced = await submit({
    kind: "replaceKey",
    role: "mfa",
    oldKey: owner.mfa.key,
    newKey: newSigner().key,
  });
  const alerts = await news();
  expect(alerts).toHaveLength(2);
  expect(judged(alerts, [allowed, replaced])).toEqual([true, true]);
  expect(judged(alerts, [inTransaction(allowed), inTransaction(replaced)])).toEqual([true, true]);
  expect(judged(alerts, [inTransaction(allowed, replaced.transactionHash)])).toEqual([true, false]);
});

test("what somebody else has the account do stays news, though a relay says that it sent it for this computer", async () => {
  const strangers = [
    await submit(allow(EVE)),
    await submit({
      kind: "replaceKey",
      role: "recovery",
      oldKey: owner.recovery.key,
      newKey: newSigner().key,
    }),
    await submit({ kind: "lock" }),
    await submit({ kind: "unfreeze" }),
  ];
  const own = await submit(allow(ANA));
  const alerts = await news();
  expect(alerts).toHaveLength(4);
  for (const { transactionHash } of strangers) {
    expect(judged(alerts, [inTransaction(own, transactionHash)])).toEqual([false, false, false, true]);
  }
});

test("what an event names no operation of is known by its transaction and by what it does", async () => {
  const { key } = newSigner();
  const added = await submit({ kind: "addKey", role: "device", key, expires: 0 }, [owner.recovery]);
  await later(7 * DAY);
  const locked = await submit({ kind: "lock" });
  const unfrozen = await submit({ kind: "unfreeze" });
  const successor = await world.createAccount(newOwner());
  const migrated = await submit({ kind: "migrate", successor, assets: [] });
  const alerts = await news();
  const all = [added, locked, unfrozen, migrated];
  expect(judged(alerts, all)).toEqual(alerts.map(() => true));
  expect(alerts.map(({ subject }) => (subject.kind === "change" ? subject.fact.kind : subject.kind))).toEqual(
    ["key-became-active", "changed", "unfrozen", "migrated"],
  );
  // The addition is named by its event; the rest is not known from elsewhere, or from something else in the same one.
  expect(
    judged(
      alerts,
      all.map((one) => inTransaction(one)),
    ),
  ).toEqual([false, true, false, false]);
  expect(
    judged(
      alerts,
      all.map(({ transactionHash }) => inTransaction(locked, transactionHash)),
    ),
  ).toEqual(alerts.map(() => false));
});

test("that what waited has run is news to whoever began it, and none to whoever ran it", async () => {
  const other = newSigner();
  const added = await submit({ kind: "addKey", role: "device", key: other.key, expires: 0 });
  const removal = await submit({ kind: "removeKey", key: keyId(other.key) }, [owner.device]);
  await later(3 * DAY);
  const { transactionHash } = await world.send(account, encodeOperation(removal.operation, []));
  const alerts = await news();
  expect(judged(alerts, [added, removal])).toEqual([true, false]);
  const ran = inTransaction(removal, zTransactionHash.parse(transactionHash));
  expect(judged(alerts, [added, ran])).toEqual([true, true]);
});
