import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import { zGateDigest } from "../primitives/hex.ts";
import type { RecordFactor } from "./opened-record.ts";
import { classifyChange, holdsOneEmail, type RecordState, zRecordState } from "./record-change.ts";

const GATE = zGateDigest.parse(`0x${"aa".repeat(32)}`);
const NEWER = zGateDigest.parse(`0x${"bb".repeat(32)}`);
const account = toAddress(`0x${"11".repeat(20)}`);
const factor = (type: RecordFactor["type"], id = "1"): RecordFactor => ({ type, id });
const email = factor("email");
const totp = factor("totp");
const sms = factor("sms");
const state = (factors: RecordFactor[], gate = GATE): RecordState => ({ record: { account, factors }, gate });
const now = state([email, totp]);

describe("one change", () => {
  test.each([
    ["add-factor", state([email, totp, sms]), [sms]],
    ["add-factor", state([email, totp, factor("totp", "2")]), [factor("totp", "2")]],
    ["remove-factor", state([email]), []],
    ["change-factor", state([email, factor("totp", "2")]), [factor("totp", "2")]],
    ["change-email", state([factor("email", "2"), totp]), [factor("email", "2")]],
    ["move-gate", state([email, totp], NEWER), []],
    ["move-gate", state([totp, email], NEWER), []],
  ] as const)("is recognised: %s", (change, to, added) => {
    expect(classifyChange(now, to)).toEqual({ change, added });
  });

  test.each([
    ["nothing at all", state([totp, email])],
    ["two new factors", state([email, totp, sms, factor("passkey")])],
    ["two lost factors", state([])],
    ["two new for one", state([email, sms, factor("passkey")])],
    ["one new for two", state([sms])],
    ["one kind in place of another", state([email, sms])],
    ["a new factor and the gate", state([email, totp, sms], NEWER)],
    ["a lost factor and the gate", state([email], NEWER)],
  ])("is demanded: not %s", (_what, to) => {
    expect(classifyChange(now, to)).toEqual({ problem: "one-change-at-a-time" });
  });

  test("never moves a key to another account", () => {
    const elsewhere = { ...now, record: { ...now.record, account: toAddress(`0x${"22".repeat(20)}`) } };
    expect(classifyChange(now, elsewhere)).toEqual({ problem: "other-account" });
  });
});

test("a record with its gate parses to itself, and not without either", () => {
  expect(zRecordState.parse(now)).toEqual(now);
  expect(zRecordState.safeParse({ record: now.record }).success).toBe(false);
  expect(zRecordState.safeParse({ gate: GATE }).success).toBe(false);
});

describe("a record holds one email address", () => {
  test.each([
    [[email, totp], true],
    [[totp], false],
    [[email, factor("email", "2")], false],
  ])("%j: %s", (factors, holds) => {
    expect(holdsOneEmail({ account, factors })).toBe(holds);
  });
});
