import fc from "fast-check";
import { encodeAbiParameters } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readableAmount } from "#core/operations/readable.ts";
import { type Address, NATIVE_TOKEN } from "#core/primitives/address.ts";
import { readableFormsAbi } from "../../abi.ts";
import { World } from "../../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

const onChain = async (token: Address, amount: bigint) =>
  await world.chain.publicClient.readContract({
    address: world.contracts.readableForms,
    abi: readableFormsAbi,
    functionName: "amountText",
    args: [token, amount],
  });

const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  // Round amounts, as people choose them.
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.nat(60)).map(([n, zeros]) => n * 10n ** BigInt(zeros)),
);

test("wallet and account write the same amount of ether", async () => {
  await fc.assert(
    fc.asyncProperty(amounts, async (amount) => {
      const expected = readableAmount(amount, { symbol: "ETH", decimals: 18 });
      expect(await onChain(NATIVE_TOKEN, amount)).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

test("wallet and account write the same amount of a token, whatever it says about itself", async () => {
  const symbols = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ maxLength: 40, unit: "grapheme" }),
  );
  const decimals = fc.oneof(fc.nat(36), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(symbols, decimals, amounts, async (symbol, places, amount) => {
      const token = await world.deployHostile("LiteralToken", [
        encodeAbiParameters([{ type: "string" }], [symbol]),
        encodeAbiParameters([{ type: "uint256" }], [BigInt(places)]),
      ]);
      expect(await onChain(token.address, amount)).toBe(readableAmount(amount, { symbol, decimals: places }));
    }),
    { numRuns: 60 },
  );
});
