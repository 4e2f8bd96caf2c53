import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { World } from "../testing/world.ts";
import { change } from "./intents/change.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => {
  world.relayFault = undefined;
});
afterAll(async () => {
  await world.stop();
});

const kindsOf = ({ submitted }: Awaited<ReturnType<World["startApp"]>>["operations"]) =>
  [...submitted().values()].map(({ operation }) => operation.kind);

test("what this computer submitted is known from before the relay has it, and after a restart", async () => {
  const { directory } = await world.createAccount();
  const { operations, finish } = await world.startApp(directory);
  const known: string[][] = [];
  world.relayFault = (call, send) => {
    known.push(kindsOf(operations));
    return send(call);
  };
  const { transactionHash } = await finish(await operations.start(change({ kind: "lock" })));
  // The account was put on the chain first, which is no operation.
  expect(known).toEqual([[], ["lock"]]);
  const later = await world.startApp(directory);
  expect(later.operations.list()).toEqual([]);
  expect([...later.operations.submitted().values()]).toMatchObject([
    { operation: { kind: "lock" }, transactionHash },
  ]);
});

test("what the relay refused was not submitted", async () => {
  const { directory } = await world.createAccount();
  const { operations, finish } = await world.startApp(directory);
  expect((await finish(await operations.start(change({ kind: "lock" })))).status).toBe("done");
  world.relayFault = () =>
    Promise.reject(new WalletError("relay-refused", "It does not pay.", "Ask it why."));
  const refused = await finish(await operations.start(change({ kind: "unfreeze" })));
  expect(refused).toMatchObject({ status: "waiting", droppable: true });
  expect(kindsOf(operations)).toEqual(["lock"]);
});
