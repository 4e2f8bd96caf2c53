import { describe, expect, test } from "vitest";
import { NATIVE_TOKEN, toAddress } from "../primitives/address.ts";
import { zChange, zChangeWish } from "./change-wish.ts";

const recipient = toAddress(`0x${"22".repeat(20)}`);

describe("a change as a person wishes it", () => {
  test("is the change without account and nonce, and becomes one with them", () => {
    const wish = zChangeWish.parse({ kind: "setEmergencyAddress", recipient, enabled: true });
    expect(wish).toEqual({ kind: "setEmergencyAddress", recipient, enabled: true });
    const change = { ...wish, account: recipient, nonce: 7n };
    expect(zChange.parse(change)).toEqual(change);
  });

  test.each([
    ["of a kind there is not", { kind: "withdraw" }],
    ["with a field too few", { kind: "setEmergencyAddress", recipient }],
    ["with a field too many", { kind: "lock", recipient }],
    ["with a field of another type", { kind: "setThreshold", role: "mfa", threshold: "two" }],
    ["that names an account", { kind: "lock", account: NATIVE_TOKEN }],
    ["that names a nonce", { kind: "lock", nonce: 0n }],
    ["that is no object", null],
  ])("is refused %s", (_, wish) => {
    expect(zChangeWish.safeParse(wish).success).toBe(false);
  });
});
