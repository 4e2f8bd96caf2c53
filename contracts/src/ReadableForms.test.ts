import fc from "fast-check";
import { hashStruct } from "viem/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { CHANGES, changeRow } from "#core/operations/changes.ts";
import { changeWords } from "#core/operations/change-words.ts";
import type { Operation } from "#core/operations/operation.ts";
import { assetStructs, readableTypedData } from "#core/operations/typed-data.ts";
import { zHex } from "#core/primitives/hex.ts";
import { anyOperationOf } from "#core/testing/arbitraries.ts";
import { World } from "../testing/world.ts";

let world: World;
let forms: Awaited<ReturnType<World["deploy"]>>;
beforeAll(async () => {
  world = await World.start();
  forms = await world.deploy("ReadableForms", "src/ReadableForms.sol");
});
afterAll(async () => {
  await world.stop();
});

/** Asks as an account does. */
const ask = async (account: Operation["account"], functionName: string, args: readonly unknown[]) =>
  await world.chain.publicClient.readContract({ ...forms, account, functionName, args });

/** The hashStruct of what the wallet has a hardware wallet sign. */
function inWallet(operation: Operation) {
  const { message, types, primaryType } = readableTypedData(operation, world.domain, {});
  const fields = [...(types[primaryType] ?? [])];
  return { message, hash: hashStruct({ data: message, primaryType, types: { [primaryType]: fields } }) };
}

const FEW = { numRuns: 25 };

describe("the readable form that the account rebuilds is the one the wallet shows", () => {
  test.each(CHANGES.map(({ kind }) => kind))("of the change %s", async (kind) => {
    const { number } = changeRow(kind);
    await fc.assert(
      fc.asyncProperty(anyOperationOf(kind), async (change) => {
        const words = changeWords(change);
        const { message, hash } = inWallet(change);
        const texts = z.tuple([z.string(), z.string()]);
        expect(texts.parse(await ask(change.account, "changeTexts", [number, words]))).toEqual([
          message.Change,
          message.Value,
        ]);
        expect(await ask(change.account, "changed", [number, words, change.nonce])).toBe(hash);
      }),
      FEW,
    );
  });

  test("of a batch of calls", async () => {
    await fc.assert(
      fc.asyncProperty(anyOperationOf("execute"), async (operation) => {
        const { account, calls, nonce } = operation;
        const { message, hash } = inWallet(operation);
        const list = zHex.parse(message.Hash);
        expect(await ask(account, "execution", [list, calls.length, nonce])).toBe(hash);
      }),
      FEW,
    );
  });

  test("of a migration", async () => {
    await fc.assert(
      fc.asyncProperty(anyOperationOf("migrate"), async (operation) => {
        const { account, successor, nonce } = operation;
        const { message, hash } = inWallet(operation);
        const number = assetStructs(operation).length;
        const list = zHex.parse(message.Hash);
        expect(await ask(account, "migration", [successor, list, number, nonce])).toBe(hash);
      }),
      FEW,
    );
  });
});
