import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import { CLOCK_SKEW_SECONDS } from "./clock-skew.ts";
import { type FactorProof, findShortage, findUnproven, isFreshTime } from "./gate-rules.ts";
import type { RecordFactor } from "./opened-record.ts";

const NOW = 1_795_000_000;
const TEN_MINUTES = 600;
const factor = (type: RecordFactor["type"], id = "1"): RecordFactor => ({ type, id });
const proof = (type: RecordFactor["type"], age = 0, id = "1"): FactorProof => ({
  ...factor(type, id),
  lastAuthenticatedAt: NOW - age,
});
const account = toAddress(`0x${"11".repeat(20)}`);
const record = { account, factors: [factor("email"), factor("totp"), factor("sms")] };
const question = { action: "sign-with-mfa-key", record, deviceCounts: true, now: NOW } as const;

describe("what suffices", () => {
  test("is judged by the default profile: with two methods, the email code and one of them", () => {
    expect(findShortage({ ...question, proofs: [proof("email"), proof("totp")] })).toBeUndefined();
    expect(findShortage({ ...question, proofs: [proof("email")] })).toMatchObject({
      reason: "factor-missing",
    });
    const stale = [proof("email"), proof("totp", TEN_MINUTES + 1)];
    expect(findShortage({ ...question, proofs: stale })).toMatchObject({ reason: "factor-stale" });
    expect(findShortage({ ...question, proofs: [] })).toMatchObject({ reason: "factor-not-registered" });
  });

  test("is not proven by a factor of the same kind with another id, nor by an id of another kind", () => {
    const others = [proof("email"), proof("totp", 0, "2"), proof("passkey")];
    expect(findShortage({ ...question, proofs: others })).toMatchObject({ reason: "factor-missing" });
  });

  test("takes an active device key, but for the recovery key", () => {
    const proofs = [proof("email"), proof("totp")];
    const without = { ...question, proofs, deviceCounts: false };
    expect(findShortage(without)).toEqual({ reason: "device-key-needed" });
    expect(findShortage({ ...without, action: "sign-with-recovery-key" })).toBeUndefined();
  });
});

describe("what a record newly holds", () => {
  test.each([
    ["was proven", [proof("email"), proof("passkey", TEN_MINUTES)], undefined],
    ["was not proven", [proof("email")], "factor-missing"],
    ["was proven too long ago", [proof("email"), proof("passkey", TEN_MINUTES + 1)], "factor-stale"],
    ["was proven before and again", [proof("email"), proof("passkey", 9999), proof("passkey")], undefined],
  ])("%s", (_what, proofs, shortage) => {
    expect(findUnproven([factor("email"), factor("passkey")], proofs, NOW)).toBe(shortage);
  });
});

describe("a proof is fresh", () => {
  test.each([
    [-CLOCK_SKEW_SECONDS - 1, false],
    [-CLOCK_SKEW_SECONDS, true],
    [0, true],
    [TEN_MINUTES, true],
    [TEN_MINUTES + 1, false],
  ])("after %i seconds: %s", (age, fresh) => {
    expect(isFreshTime(NOW - age, NOW, "sign-with-recovery-key")).toBe(fresh);
  });
});
