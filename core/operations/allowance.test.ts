import fc from "fast-check";
import { concat } from "viem/utils";
import { describe, expect, test } from "vitest";
import { zHex } from "../primitives/hex.ts";
import { anyAddress, anyOperationOf, anyUint256 } from "../testing/arbitraries.ts";
import { allowanceOf, allowanceOperation } from "./allowance.ts";

const anyAllowance = fc.record({ token: anyAddress, spender: anyAddress, amount: anyUint256 });

describe("an allowance", () => {
  test("is read from the operation that gives it", () => {
    fc.assert(
      fc.property(anyAllowance, (allowance) => {
        expect(allowanceOf(allowanceOperation(allowance))).toEqual(allowance);
      }),
    );
  });

  test("is not read from an operation that does anything else, or more", () => {
    fc.assert(
      fc.property(anyOperationOf("execute"), (operation) => {
        expect(allowanceOf(operation)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(anyAllowance, fc.bigInt(1n, 10n), (allowance, value) => {
        const [call] = allowanceOperation(allowance).calls;
        if (!call) throw new Error("it is one call");
        // The same arguments for `transfer`.
        const transfer = `0xa9059cbb${call.data.slice(10)}`;
        for (const calls of [
          [call, call],
          [{ ...call, value }],
          [{ ...call, data: zHex.parse(concat([call.data, "0x00"])) }],
          [{ ...call, data: zHex.parse(call.data.slice(0, -2)) }],
          [{ ...call, data: zHex.parse(transfer) }],
        ]) {
          expect(allowanceOf({ calls })).toBeUndefined();
        }
      }),
    );
  });
});
