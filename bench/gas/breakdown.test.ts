import { afterAll, beforeAll, expect, it } from "vitest";
import { World } from "#contracts/testing/world.ts";
import { toAddress } from "#core/primitives/address.ts";
import { breakDown, breakDownTransaction } from "./breakdown.ts";
import { measureAll } from "./measure.ts";

const TOKEN = toAddress("0x00000000219ab540356cBB839Cbe05303d7705Fa");
const step = (op: string, depth: number, gas: number, gasCost = 0, callee = "0x0") => ({
  op,
  depth,
  gas,
  gasCost,
  stack: [callee, "0xffff"],
});

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(async () => await world.stop());

it("counts a call's own price for the caller, what happens inside for its kind, and all of a token's for the token", () => {
  const parts = breakDown(
    {
      gas: 30_000,
      structLogs: [
        step("SLOAD", 1, 79_000),
        step("DELEGATECALL", 1, 76_900),
        step("STATICCALL", 2, 70_000, 0, "0x1"),
        step("CALL", 2, 66_900, 0, TOKEN),
        step("SSTORE", 3, 60_000),
        step("STOP", 3, 57_100),
        step("LOG1", 2, 61_400),
        step("RETURN", 2, 60_000),
        step("STOP", 1, 64_300),
      ],
    },
    100_000n,
    [TOKEN],
  );
  expect(parts).toEqual({
    transaction: 21_000,
    reads: 2_100,
    // 12 600 in all, of which 10 000 were used inside.
    calls: 2_600,
    signatures: 3_100,
    tokens: 5_500,
    events: 1_400,
    // What is given back at the end: 35 700 were used, 30 000 paid.
    writes: -5_700,
    rest: 0,
  });
});

it("has no step when nothing runs", () => {
  const { transaction, ...others } = breakDown({ gas: 21_000, structLogs: [] }, 50_000n, []);
  expect(transaction).toBe(21_000);
  expect(Object.values(others).every((gas) => gas === 0)).toBe(true);
});

it("adds up to what each measured transaction used", async () => {
  const rows = await measureAll(world);
  for (const { transaction, totalGas, account, flow } of rows) {
    if (transaction === undefined) continue;
    const parts = await breakDownTransaction(world.chain, transaction, [world.contracts.tusd]);
    const sum = Object.values(parts).reduce((total, gas) => total + gas, 0);
    expect(sum, `${account} ${flow}`).toBe(totalGas);
    expect(Math.min(...Object.values(parts)), `${account} ${flow}`).toBeGreaterThanOrEqual(0);
  }
});
