import { describe, expect, test } from "vitest";
import { waysToChangeFactors } from "./authenticator-rule.ts";

const NOW = 1_800_000_000;
const standing = (...categories: ("account" | "phone" | "device")[]) => ({ categories, provenAt: NOW - 30 });

describe("the authenticator's rule for changing factors", () => {
  test("lets who has factors of one category add another freely, but remove none", () => {
    expect(
      waysToChangeFactors("add", ["email", "oauth", "password"], standing("account"), NOW),
    ).toBeUndefined();
    expect(waysToChangeFactors("remove", ["email", "oauth"], standing("account"), NOW)).toEqual([]);
  });

  test("asks for a second category, whichever of the person's factors it is", () => {
    expect(waysToChangeFactors("add", ["email", "sms", "totp", "passkey"], standing("account"), NOW)).toEqual(
      [["S"], ["A"], ["P"]],
    );
    expect(waysToChangeFactors("remove", ["email", "totp"], standing("device"), NOW)).toEqual([["E"]]);
    expect(waysToChangeFactors("remove", ["email", "sms", "totp"], standing(), NOW)).toEqual([
      ["E", "S"],
      ["E", "A"],
      ["A", "S"],
    ]);
  });

  test("takes a social login for the mailbox's category, and a password for none", () => {
    expect(
      waysToChangeFactors("remove", ["email", "oauth", "password", "sms"], standing("phone"), NOW),
    ).toEqual([["C"], ["E"]]);
    expect(waysToChangeFactors("add", ["oauth", "sms"], standing("account"), NOW)).toEqual([["S"]]);
    expect(waysToChangeFactors("add", ["password", "sms"], standing(), NOW)).toBeUndefined();
    expect(waysToChangeFactors("add", [], standing(), NOW)).toBeUndefined();
  });

  test("is content with two, while one is younger than an hour", () => {
    const two = ["account", "device"] as const;
    const at = (provenAt: number) =>
      waysToChangeFactors("add", ["email", "totp"], { categories: two, provenAt }, NOW);
    expect(at(NOW - 3539)).toBeUndefined();
    expect(at(NOW - 3540)).toEqual([["E"], ["A"]]);
  });
});
