import { createPublicClient, custom } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { perform } from "#contracts/testing/perform.ts";
import { newOwner, World } from "#contracts/testing/world.ts";
import { readAccount } from "./account.ts";
import { readWaiting } from "./waiting.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

test("what came a moment ago is found, also by one who had just looked", async () => {
  // As the page makes it: such a client remembers the number of the newest block for seconds.
  const client = createPublicClient({ transport: custom(world.chain.publicClient) });
  const owner = newOwner();
  const address = await world.createAccount(owner);
  const connection = { url: "", chainId: world.domain.chainId, client };
  await perform(world, address, { kind: "archive" }, [owner.device, owner.mfa]);
  const account = await readAccount(connection, address);
  expect((await readWaiting(client, account)).operations).toEqual([]);
  await perform(world, address, { kind: "unfreeze" }, [owner.recovery]);
  expect((await readWaiting(client, account)).operations).toMatchObject([{ effect: "afterRecoveryDelay" }]);
});
