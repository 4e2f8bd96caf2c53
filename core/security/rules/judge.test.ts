import { describe, expect, test } from "vitest";
import type { FactorId } from "../../primitives/hex.ts";
import { CLOCK_SKEW_SECONDS } from "../clock-skew.ts";
import {
  type Attempt,
  enabledIn,
  findShortage,
  isFreshFor,
  proofOf,
  type RegisteredFactor,
} from "./judge.ts";
import { PROFILES } from "./profiles.ts";
import type { FactorKind } from "./things.ts";

const NOW = 1_795_000_000;
const profile = PROFILES.default;
const KINDS = ["email", "totp", "wallet", "oauth", "sms", "passkey", "password"] as const;
const idOf = (kind: FactorKind, number = 0) =>
  `0x${(KINDS.indexOf(kind) * 16 + number).toString(16).padStart(64, "0")}` as FactorId;
const registered = (...types: FactorKind[]): RegisteredFactor[] =>
  types.map((type) => ({ type, factorId: idOf(type) }));
const proven = (type: FactorKind, age = 0) => ({ factorId: idOf(type), lastAuthenticatedAt: NOW - age });

const attempt = (changes: Partial<Attempt>): Attempt => ({
  action: "sign-with-mfa-key",
  enabled: registered("email", "totp", "oauth"),
  proven: [],
  deviceCounts: true,
  now: NOW,
  ...changes,
});

describe("findShortage", () => {
  test("finds none when what is registered was proven and is fresh", () => {
    const enough = attempt({ proven: [proven("totp"), proven("email", 600)] });
    expect(findShortage(profile, enough)).toBeUndefined();
  });

  test("names the device key where no proof replaces it", () => {
    const everything = [proven("totp"), proven("email"), proven("oauth")];
    expect(findShortage(profile, attempt({ proven: everything, deviceCounts: false }))).toEqual({
      reason: "device-key-needed",
    });
  });

  test("a new computer starts a recovery with more proofs, and changes nothing", () => {
    const recover = attempt({
      action: "sign-with-recovery-key",
      enabled: registered("email", "totp", "sms"),
      proven: [proven("totp"), proven("email")],
      deviceCounts: false,
    });
    expect(findShortage(profile, recover)).toBeUndefined();
    const social = { ...recover, enabled: registered("email", "totp", "sms", "oauth") };
    expect(findShortage(profile, social)).toEqual({ reason: "factor-missing", ways: [["C"], ["S"]] });
    expect(findShortage(profile, { ...recover, action: "change-email" })).toEqual({
      reason: "device-key-needed",
    });
  });

  test("names what would do", () => {
    const short = attempt({ proven: [proven("email")] });
    expect(findShortage(profile, short)).toEqual({ reason: "factor-missing", ways: [["C"], ["A"]] });
  });

  test("somebody else's proofs are no proofs", () => {
    const foreign = [{ factorId: idOf("email", 1), lastAuthenticatedAt: NOW }];
    expect(findShortage(profile, attempt({ proven: foreign }))).toEqual({
      reason: "factor-not-registered",
      ways: [
        ["C", "E"],
        ["C", "A"],
        ["E", "A"],
      ],
    });
  });

  test("tells what is stale when it would suffice if it were fresh", () => {
    const old = attempt({ proven: [proven("email"), proven("totp", 601)] });
    expect(findShortage(profile, old)).toEqual({
      reason: "factor-stale",
      stale: ["A"],
      ways: [["C"], ["A"]],
    });
    const tooLittle = attempt({ proven: [proven("totp", 601)] });
    expect(findShortage(profile, tooLittle)).toMatchObject({ reason: "factor-missing" });
  });

  test("a password counts for nothing, a wallet like any method", () => {
    const enabled = registered("email", "password", "totp", "wallet");
    const short = attempt({ enabled, proven: [proven("password"), proven("email")] });
    expect(findShortage(profile, short)).toEqual({ reason: "factor-missing", ways: [["A"], ["W"]] });
    const signed = attempt({ enabled, proven: [proven("wallet"), proven("email")] });
    expect(findShortage(profile, signed)).toBeUndefined();
    const onlyPassword = attempt({ enabled, proven: [proven("password")] });
    expect(findShortage(profile, onlyPassword)).toMatchObject({ reason: "factor-not-registered" });
  });

  test("two factors of a kind are one proof, and either of them proves it", () => {
    const enabled = [
      ...registered("email", "passkey"),
      { type: "passkey", factorId: idOf("passkey", 1) } as const,
    ];
    const second = { factorId: idOf("passkey", 1), lastAuthenticatedAt: NOW };
    expect(findShortage(profile, attempt({ enabled, proven: [second] }))).toBeUndefined();
    const both = { enabled, proven: [proven("passkey"), second], deviceCounts: false } as const;
    expect(findShortage(profile, attempt({ ...both, action: "sign-with-recovery-key" }))).toMatchObject({
      reason: "factor-missing",
    });
  });
});

describe("freshness", () => {
  test.each([
    [0, true],
    [600, true],
    [601, false],
    [-CLOCK_SKEW_SECONDS, true],
    [-CLOCK_SKEW_SECONDS - 1, false],
    [Number.NaN, false],
  ])("a proof of %d seconds ago counts: %s", (age, counts) => {
    expect(isFreshFor(profile, "sign-with-mfa-key", proven("email", age), NOW)).toBe(counts);
  });
});

describe("what a record enables", () => {
  test("credentials count only as the profile has it", () => {
    expect(proofOf(profile, "password")).toBeUndefined();
    expect(proofOf(profile, "oauth")).toBe("C");
    expect(proofOf(PROFILES.published, "password")).toBe("C");
    expect(proofOf(profile, "sms")).toBe("S");
    expect(enabledIn(profile, ["email", "password", "totp"])).toEqual({
      methods: new Set(["A"]),
      credentials: false,
    });
    expect(enabledIn(PROFILES.published, ["email", "password"]).credentials).toBe(true);
  });
});
