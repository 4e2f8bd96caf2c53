import { expect, test } from "vitest";
import { jwtHash } from "./jwt-hash.ts";

test("a token's hash is keccak256 of its ASCII bytes", () => {
  // Known: keccak256("abc").
  expect(jwtHash("abc")).toBe("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
});
