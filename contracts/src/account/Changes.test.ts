import { parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { type ChangeKind, changeRow, CHANGES } from "#core/operations/changes.ts";
import { changeWords } from "#core/operations/change-words.ts";
import { encodeOperation } from "#core/operations/call.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationId } from "#core/operations/typed-data.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { OperationId } from "#core/primitives/hex.ts";
import { accountAbi } from "../../abi.ts";
import { operationOf, type Wish } from "../../testing/perform.ts";
import { newOwner, newSigner, type TestSigner, World } from "../../testing/world.ts";

const DAY = 86_400;
const owner = newOwner();
const { device, mfa, recovery } = owner;
const bob = toAddress(newSigner().account.address);

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

type ChangeOperation = Extract<Operation, { kind: ChangeKind }>;
const isChange = (operation: Operation): operation is ChangeOperation =>
  CHANGES.some(({ kind }) => kind === operation.kind);

/** An account, and what it was asked to change. */
class Changing {
  readonly kinds = new Set<string>();
  readonly #account: Address;

  constructor(account: Address) {
    this.#account = account;
  }

  /** Has the account change, and checks that it did under the very id and words that the wallet computes. */
  async change(wish: Wish, ...signers: readonly TestSigner[]): Promise<void> {
    const operation = await operationOf(world, this.#account, wish);
    if (!isChange(operation)) throw new TypeError("this is no change");
    const { logs } = await world.run(operation, signers);
    const [event] = parseEventLogs({ abi: accountAbi, eventName: "Changed", logs });
    expect(event?.args, operation.kind).toEqual({
      change: changeRow(operation.kind).number,
      operation: operationId(operation),
      values: changeWords(operation),
      nonce: operation.nonce,
    });
    this.kinds.add(operation.kind);
  }

  /** Has the account accept something that waits; gives its id as the wallet computes it. */
  async schedule(wish: Wish, ...signers: readonly TestSigner[]): Promise<OperationId> {
    const operation = await operationOf(world, this.#account, wish);
    const { logs } = await world.run(operation, signers);
    const [event] = parseEventLogs({ abi: accountAbi, eventName: "OperationScheduled", logs });
    expect(event?.args.operation).toBe(operationId(operation));
    expect(event?.args.call).toBe(encodeOperation(operation, []));
    return operationId(operation);
  }
}

async function changeKeys(on: Changing) {
  const [tablet, friend, activated, rejected] = [newSigner(), newSigner(), newSigner(), newSigner()];
  await on.change({ kind: "addKey", role: "device", key: tablet.key, expires: 0 }, device, mfa);
  await on.change(
    { kind: "addKey", role: "recovery", key: friend.key, expires: 4_000_000_000 },
    device,
    recovery,
  );
  await on.change({ kind: "addKey", role: "device", key: activated.key, expires: 0 }, recovery);
  await on.change({ kind: "activateKey", key: keyId(activated.key) }, device);
  await on.change({ kind: "addKey", role: "device", key: rejected.key, expires: 0 }, recovery);
  await on.change({ kind: "rejectKey", key: keyId(rejected.key) }, device);
  await on.change({ kind: "removeKey", key: keyId(friend.key) }, device, mfa);
  await on.change({ kind: "setThreshold", role: "recovery", threshold: 1 }, device, mfa);
}

async function changeSettings(on: Changing) {
  const key = keyId(device.key);
  const both = [device, mfa];
  await on.change({ kind: "setEmergencyAddress", recipient: bob, enabled: true }, ...both);
  await on.change({ kind: "setAllowlisted", recipient: bob, allowed: true }, ...both);
  await on.change({ kind: "setScope", key, target: bob, selector: "0xa9059cbb", allowed: true }, ...both);
  await on.change({ kind: "setLimit", key, token: NATIVE_TOKEN, limit: 10n ** 18n }, ...both);
  await on.change({ kind: "setHours", key, closedHours: 0b111 }, ...both);
  const delays = { recoveryDelay: 8 * DAY, removalDelay: 0, singleKeyDelay: 4 * DAY, overrideDelay: 0 };
  await on.change({ kind: "setDelays", ...delays }, ...both);
  const rules = { pendingKeysMayCall: true, tripwireCount: 5, tripwireWindow: 2 * DAY };
  await on.change({ kind: "setRules", singleKeyRoles: 2, ...rules }, ...both);
  await on.change({ kind: "setSuccessor", successor: bob }, ...both);
}

/** The device role may withdraw alone, later, once the settings are changed. */
async function freezeAndCancel(on: Changing) {
  const to = toAddress(newSigner().account.address);
  const withdrawal = { kind: "withdraw", token: NATIVE_TOKEN, to, amount: 10n ** 19n } as const;
  const operation = await on.schedule(withdrawal, device);
  await on.change({ kind: "lock" }, mfa);
  await on.change({ kind: "unfreeze" }, device, mfa);
  await on.change({ kind: "rearm", operation }, device, recovery);
  await on.change({ kind: "cancel", operation }, mfa);
  await on.change({ kind: "archive" }, device, recovery);
}

test("every change that the wallet signs is the one that the account makes, under the same id", async () => {
  const on = new Changing(await world.createAccount(owner));
  await changeKeys(on);
  await changeSettings(on);
  await freezeAndCancel(on);
  expect([...on.kinds].sort()).toEqual(CHANGES.map(({ kind }) => kind).sort());
});
