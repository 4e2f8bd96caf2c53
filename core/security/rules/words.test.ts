import { expect, test } from "vitest";
import { describeWays, listWords } from "./words.ts";

test("words are listed as people do", () => {
  expect(listWords([])).toBe("");
  expect(listWords(["a"])).toBe("a");
  expect(listWords(["a", "b"])).toBe("a and b");
  expect(listWords(["a", "b", "c"], "or")).toBe("a, b or c");
});

test("ways are told apart, and things can have the names a person gave them", () => {
  expect(describeWays([])).toBe("");
  expect(describeWays([["A"]])).toBe("authenticator app");
  expect(describeWays([["A", "E"], ["W"]], { W: "your Ledger" })).toBe(
    "authenticator app and email code, or your Ledger",
  );
  expect(describeWays([["S"], ["P"], ["C", "E"]])).toBe("SMS code, passkey, or social login and email code");
});
