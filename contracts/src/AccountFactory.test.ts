import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountAddress } from "#core/keys/account-address.ts";
import { keyId } from "#core/keys/key.ts";
import type { Hex, KeyId } from "#core/primitives/hex.ts";
import { accountFactoryAbi } from "../abi.ts";
import { newOwner, newSalt, World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => {
  return `0x${Buffer.from(bytes).toString("hex")}`;
});

test("an account comes to the address its wallet foretold", async () => {
  const owner = newOwner();
  const salt = newSalt();
  const { factory, implementation } = world.contracts;
  const { device, mfa, recovery } = owner;
  const keys = { device: keyId(device.key), mfa: keyId(mfa.key), recovery: keyId(recovery.key), salt };
  expect(await world.createAccount(owner, salt)).toBe(accountAddress(factory, implementation, keys));
});

test("factory and wallet foretell the same address for any keys and salt", async () => {
  const { factory, implementation } = world.contracts;
  await fc.assert(
    fc.asyncProperty(word, word, word, word, async (device, mfa, recovery, salt) => {
      const onChain = await world.chain.publicClient.readContract({
        address: factory,
        abi: accountFactoryAbi,
        functionName: "accountAddress",
        args: [device, mfa, recovery, salt],
      });
      const keys = { device: device as KeyId, mfa: mfa as KeyId, recovery: recovery as KeyId, salt };
      expect(accountAddress(factory, implementation, keys)).toBe(onChain);
    }),
    { numRuns: 50 },
  );
});
