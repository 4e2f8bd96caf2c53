import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { addressOfPublicKey, zPublicKey } from "./public-key.ts";

describe("addressOfPublicKey", () => {
  test("is the address that a wallet of that key has", () => {
    for (const byte of ["01", "7f", "fe"]) {
      const { publicKey, address } = privateKeyToAccount(`0x${byte.repeat(32)}`);
      expect(addressOfPublicKey(zPublicKey.parse(publicKey))).toBe(address);
    }
  });
});

describe("zPublicKey", () => {
  test.each([
    ["a compressed key", `0x02${"11".repeat(32)}`],
    ["a key without its 0x04", `0x${"11".repeat(64)}`],
    ["an address", `0x${"11".repeat(20)}`],
    ["no hexadecimal", `0x04${"zz".repeat(64)}`],
  ])("refuses %s", (_what, text) => {
    expect(zPublicKey.safeParse(text).success).toBe(false);
  });
});
