import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import type { GateRequest } from "#core/key-network/gate-request.ts";
import { keyOfAddress } from "#core/keys/key.ts";
import { toAddress } from "#core/primitives/address.ts";
import { NO_SALT, zDigest } from "#core/primitives/hex.ts";
import { deviceAddress, requireBinding } from "./binding.ts";

const device = privateKeyToAccount(generatePrivateKey());
const other = privateKeyToAccount(generatePrivateKey());
const binding = zDigest.parse(`0x${"ab".repeat(32)}`);
const refusal = (reason: string): unknown => expect.objectContaining({ name: "GateRefusal", reason });

/** A request as far as the binding looks at it. */
const asked = (change: object) => ({ deviceKey: keyOfAddress(device.address), ...change }) as GateRequest;

describe("the device key that asks", () => {
  test("is the one that opened the session", () => {
    expect(deviceAddress(asked({}), device.address.toLowerCase())).toBe(toAddress(device.address));
    expect(() => deviceAddress(asked({}), other.address)).toThrow(refusal("device-session-mismatch"));
  });

  test("is any plain address on a network without sessions, and never a longer signer", () => {
    expect(deviceAddress(asked({}), undefined)).toBe(toAddress(device.address));
    const long = { signer: `0x${"11".repeat(64)}`, salt: NO_SALT };
    expect(() => deviceAddress(asked({ deviceKey: long }), undefined)).toThrow(refusal("request-malformed"));
  });
});

describe("the binding", () => {
  test("is the device key's own signature over it, and nothing else", async () => {
    const address = toAddress(device.address);
    const by = async (who: typeof device, hash = binding) =>
      asked({ deviceSignature: await who.sign({ hash }) });
    requireBinding(await by(device), address, binding);
    const elsewhere = zDigest.parse(`0x${"cd".repeat(32)}`);
    for (const request of [
      await by(other),
      await by(device, elsewhere),
      asked({ deviceSignature: `0x${"00".repeat(65)}` }),
    ]) {
      expect(() => requireBinding(request, address, binding)).toThrow(refusal("binding-mismatch"));
    }
  });
});
