import { describe, expect, test } from "vitest";
import { FACTOR_TYPES } from "../factors.ts";
import { isMethod, METHODS, PROOF_OF_FACTOR, PROOFS, PROVEN_TO, sortThings, THINGS } from "./things.ts";

describe("things", () => {
  test("every factor of the registry, and the wallet, has a letter", () => {
    expect(Object.keys(PROOF_OF_FACTOR).sort()).toEqual([...new Set([...FACTOR_TYPES, "wallet"])].sort());
    expect(PROOF_OF_FACTOR).toEqual({
      email: "E",
      sms: "S",
      totp: "A",
      passkey: "P",
      password: "C",
      oauth: "C",
      wallet: "W",
    });
  });

  test("the authenticator can forge every proof but the wallet's", () => {
    expect(PROOFS.filter((proof) => PROVEN_TO[proof] === "authenticator")).toEqual(["C", "E", "A", "S", "P"]);
    expect(PROVEN_TO.W).toBe("gate");
  });

  test("are written in one order, each once", () => {
    expect(sortThings(["W", "A", "D", "E", "A", "C"])).toEqual(["D", "C", "E", "A", "W"]);
    expect(THINGS).toEqual(["D", "C", "E", "A", "S", "P", "W"]);
  });

  test("four of them are security methods", () => {
    expect(THINGS.filter(isMethod)).toEqual(METHODS);
    expect(isMethod("F")).toBe(false);
  });
});
