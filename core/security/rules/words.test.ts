import { expect, test } from "vitest";
import { describeWays, listWords, THING_WORDS } from "./words.ts";

test("words are listed as people do", () => {
  expect(listWords([])).toBe("");
  expect(listWords(["a"])).toBe("a");
  expect(listWords(["a", "b"])).toBe("a and b");
  expect(listWords(["a", "b", "c"], "or")).toBe("a, b or c");
});

test("every thing has a name", () => {
  expect(THING_WORDS).toEqual({
    D: "this computer's device key",
    C: "social login",
    E: "email code",
    A: "authenticator app",
    S: "SMS code",
    P: "passkey",
    W: "wallet signature",
  });
});

test("ways are told apart, and things can have the names a person gave them", () => {
  expect(describeWays([])).toBe("");
  expect(describeWays([["A"]])).toBe("authenticator app");
  expect(describeWays([["A", "E"], ["W"]], { W: "your Ledger" })).toBe(
    "authenticator app and email code, or your Ledger",
  );
  expect(describeWays([["S"], ["P"], ["C", "E"]])).toBe("SMS code, passkey, or social login and email code");
});
