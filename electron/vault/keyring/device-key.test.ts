import { recoverAddress } from "viem/utils";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBytes } from "#core/testing/arbitraries.ts";
import { zDigest } from "#core/primitives/hex.ts";
import { DeviceKey } from "./device-key.ts";

const DIGEST = zDigest.parse(`0x${"5a".repeat(32)}`);

describe("the device key", () => {
  test("signs digests so that its address is recovered, with a low s", async () => {
    const device = DeviceKey.generate();
    await fc.assert(
      fc.asyncProperty(anyBytes(32), async (hash) => {
        const signature = device.sign(zDigest.parse(hash));
        expect(await recoverAddress({ hash, signature })).toBe(device.address);
        expect(BigInt(`0x${signature.slice(66, 130)}`)).toBeLessThan(2n ** 255n);
      }),
      { numRuns: 25 },
    );
  });

  test("is another one every time it is generated", () => {
    const addresses = Array.from({ length: 20 }, () => DeviceKey.generate().address);
    expect(new Set(addresses).size).toBe(20);
  });

  test("signs nothing after it was wiped, and its bytes are zero", () => {
    const bytes = new Uint8Array(32).fill(7);
    const device = DeviceKey.fromBytes(bytes);
    device.wipe();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(() => device.sign(DIGEST)).toThrow(expect.objectContaining({ code: "locked" }));
    expect(() => device.withBytes((key) => key)).toThrow(expect.objectContaining({ code: "locked" }));
  });
});
