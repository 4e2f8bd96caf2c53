import { describe, expect, test } from "vitest";
import { keyOfAddress } from "../keys/key.ts";
import { NATIVE_TOKEN, toAddress } from "../primitives/address.ts";
import { zKeyId } from "../primitives/hex.ts";
import { policyKindOf } from "./policy-kind.ts";

const key = zKeyId.parse(`0x${"11".repeat(32)}`);
const recipient = toAddress(`0x${"22".repeat(20)}`);
const limit = (value: bigint) => ({ kind: "setLimit", key, token: NATIVE_TOKEN, limit: value }) as const;
const hours = (closedHours: number) => ({ kind: "setHours", key, closedHours }) as const;

describe("what the rules take an operation for", () => {
  test("a device key is another matter than an MFA or recovery key", () => {
    const added = (role: "device" | "mfa") =>
      ({ kind: "addKey", role, key: keyOfAddress(recipient), expires: 0 }) as const;
    expect(policyKindOf(added("device"))).toBe("addDeviceKey");
    expect(policyKindOf(added("mfa"))).toBe("addKey");
    expect(policyKindOf({ kind: "removeKey", key }, { role: "device" })).toBe("removeDeviceKey");
    expect(policyKindOf({ kind: "removeKey", key }, { role: "recovery" })).toBe("removeKey");
  });

  test("what is taken away lowers, what is given raises", () => {
    expect(policyKindOf({ kind: "setAllowlisted", recipient, allowed: false })).toBe("lower");
    expect(policyKindOf({ kind: "setAllowlisted", recipient, allowed: true })).toBe("raise");
    const scope = { kind: "setScope", key, target: recipient, selector: "0x12345678" } as const;
    expect(policyKindOf({ ...scope, allowed: false })).toBe("lower");
    expect(policyKindOf({ ...scope, allowed: true })).toBe("raise");
  });

  test("a limit lowers only below what it is now", () => {
    expect(policyKindOf(limit(4n), { limit: 5n })).toBe("lower");
    expect(policyKindOf(limit(5n), { limit: 5n })).toBe("raise");
    expect(policyKindOf(limit(0n))).toBe("raise");
  });

  test("hours lower only when none of the closed ones opens", () => {
    expect(policyKindOf(hours(0b111), { closedHours: 0b101 })).toBe("lower");
    expect(policyKindOf(hours(0b101), { closedHours: 0b101 })).toBe("lower");
    expect(policyKindOf(hours(0b100), { closedHours: 0b101 })).toBe("raise");
  });

  test("an emergency address or a successor is never little", () => {
    expect(policyKindOf({ kind: "setEmergencyAddress", recipient, enabled: false })).toBe("raise");
    expect(policyKindOf({ kind: "setSuccessor", successor: NATIVE_TOKEN })).toBe("raise");
  });

  test("all else is called as it is", () => {
    expect(policyKindOf({ kind: "lock" })).toBe("lock");
    expect(policyKindOf({ kind: "unfreeze" })).toBe("unfreeze");
    expect(policyKindOf({ kind: "execute", calls: [] })).toBe("execute");
  });
});
