import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";
import { deviceCode, type Newcomer } from "./device-code.ts";

const id = (byte: string) => zKeyId.parse(`0x${byte.repeat(32)}`);
const ada: Newcomer = { chainId: 31_337, account: toAddress(`0x${"aa".repeat(20)}`), key: id("d1") };

describe("the comparison code of a device key", () => {
  test("is the same on every computer: written down, so that no version shows another", () => {
    expect(deviceCode(ada)).toBe("59004 87437 62578 95623");
  });

  test.each<[string, Newcomer]>([
    ["another key", { ...ada, key: id("d2") }],
    ["another account", { ...ada, account: toAddress(`0x${"ab".repeat(20)}`) }],
    ["another chain", { ...ada, chainId: 1 }],
  ])("is another one for %s", (_, other) => {
    expect(deviceCode(other)).not.toBe(deviceCode(ada));
  });
});
