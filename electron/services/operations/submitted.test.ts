import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../testing/world.ts";
import { change } from "./intents/change.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => {
  await world.stop();
});

test("what this computer submitted is known as its own, also after a restart, when it is listed no more", async () => {
  const { directory } = await world.createAccount();
  const { operations, finish } = await world.startApp(directory);
  const { transactionHash = "" } = await finish(await operations.start(change({ kind: "lock" })));
  expect(operations.hasSubmitted(transactionHash)).toBe(true);
  const later = await world.startApp(directory);
  expect(later.operations.list()).toEqual([]);
  expect(later.operations.hasSubmitted(transactionHash)).toBe(true);
  expect(later.operations.hasSubmitted(`0x${"00".repeat(32)}`)).toBe(false);
});
