import { afterAll, beforeAll, expect, test } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import type { RecordFactor } from "#core/security/opened-record.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import { withdraw } from "../operations/intents/withdraw.ts";
import type { AddedFactor } from "../../vault/authenticator/testing/person.ts";
import { World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

const RECIPIENT = toAddress("0x00000000000000000000000000000000000a11ce");
/** After this many seconds no proof counts any more. */
const TOO_OLD = 660;

/** An account whose mfa key's record holds more than the email address; nothing of it is proven lately. */
async function open(types: readonly AddedFactor[], wallet = false) {
  const { directory, account } = await world.createAccount();
  await world.fund(account, "10");
  const added: RecordFactor[] = [...(await world.person(directory).enrol(types))];
  if (wallet) added.push({ type: "wallet", id: world.ledgerAddress.toLowerCase() });
  const records = await world.startRecords(directory);
  for (const factor of added) {
    const factors = (await records.read("mfa"))?.record.factors ?? [];
    await records.change("mfa", { factors: [...factors, factor] });
  }
  const app = await world.startApp(directory);
  world.passTime(TOO_OLD);
  const start = () => app.operations.start(withdraw({ token: world.tusd, to: RECIPIENT, amount: 1n }));
  return { ...app, start };
}

const waysOf = ({ needs }: OperationView) => (needs?.kind === "proofs" ? needs.need.ways : undefined);

test("every factor can be proven, each in its own way, until the network signs", async () => {
  const { start, rest, prove, operations } = await open(["sms", "totp", "passkey", "oauth"]);
  let view = await rest(await start());
  const given: number[] = [];
  while (view.needs?.kind === "proofs") {
    given.push(view.needs.need.given.length);
    await prove(view.needs.need);
    view = await rest(operations.continue(view.id));
  }
  expect(view.status).toBe("done");
  // One more is given each time, and none is asked for twice.
  expect(given).toEqual(given.map((_, index) => index));
  expect(given.length).toBeGreaterThan(1);
});

test("a social login proves who one is as well as a code", async () => {
  const { start, rest, proofs, operations } = await open(["oauth"]);
  const { id } = await rest(await start());
  await proofs.give({ kind: "oauth", provider: "google" });
  expect((await rest(operations.continue(id))).status).toBe("done");
});

test("a wallet's signature over the request counts, and the person approves of it first", async () => {
  const { start, rest, prove, operations } = await open(["totp"], true);
  const first = await rest(await start());
  expect(waysOf(first)?.flat()).toContain("W");
  const approvals = world.approvals;
  let view = await rest(operations.useWallet(first.id, world.ledgerAddress));
  while (view.needs?.kind === "proofs") {
    expect(view.needs.need.given.map(({ proof }) => proof)).toContain("W");
    await prove(view.needs.need);
    view = await rest(operations.continue(view.id));
  }
  expect([view.status, world.approvals - approvals]).toEqual(["done", 1]);
});

test("whoever cannot sign with the wallet after all is asked again how they prove who they are", async () => {
  const { start, rest, finish, operations, prove } = await open(["totp"], true);
  const first = await rest(await start());
  world.ledger.lock();
  let view = await rest(operations.useWallet(first.id, world.ledgerAddress));
  while (view.needs?.kind === "proofs") {
    await prove(view.needs.need);
    view = await rest(operations.continue(view.id));
  }
  world.ledger.unlock();
  expect(view.steps.find(({ id }) => id === "cosign")).toMatchObject({ status: "failed" });
  expect(view.wallet).toBeUndefined();
  world.passTime(TOO_OLD);
  expect((await finish(operations.continue(view.id))).status).toBe("done");
});

test("a wallet that the record does not name proves nothing", async () => {
  const { start, rest, operations } = await open([]);
  const { id } = await rest(await start());
  expect(waysOf(await rest(operations.useWallet(id, world.ledgerAddress)))).toEqual([["E"]]);
});
