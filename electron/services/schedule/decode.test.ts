import { describe, expect, test } from "vitest";
import { encodeOperation } from "#core/operations/call.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type Hex, zKeyId } from "#core/primitives/hex.ts";
import { operationOfCall } from "./decode.ts";

const account = toAddress(`0x${"aa".repeat(20)}`);
const to = toAddress(`0x${"bb".repeat(20)}`);
const nonce = 3n << 64n;

describe("a scheduled call", () => {
  test.each<Operation>([
    { kind: "withdraw", account, token: NATIVE_TOKEN, to, amount: 5n, nonce },
    { kind: "execute", account, calls: [{ target: to, value: 1n, data: "0x1234" }], nonce },
    { kind: "removeKey", account, key: zKeyId.parse(`0x${"cc".repeat(32)}`), nonce },
    { kind: "unfreeze", account, nonce },
  ])("of $kind becomes the operation again", (operation) => {
    expect(operationOfCall(account, encodeOperation(operation, []))).toEqual(operation);
  });

  test.each<[string, Hex]>([
    ["nothing", "0x"],
    ["no function of an account", `0xdeadbeef${"00".repeat(32)}`],
    ["cut off", encodeOperation({ kind: "unfreeze", account, nonce }, []).slice(0, 80) as Hex],
    [
      "a key of which it has only the id",
      encodeOperation(
        { kind: "addKey", account, role: "device", key: keyOfAddress(to), expires: 0, nonce },
        [],
      ),
    ],
  ])("that is %s is shown without words", (_, call) => {
    expect(operationOfCall(account, call)).toBeUndefined();
  });
});
