import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import type { Hex } from "../primitives/hex.ts";
import { cloneOf } from "./account-address.ts";

const implementation = toAddress(`0x${"1a".repeat(20)}`);
const clone: Hex = `0x363d3d373d3d3d363d73${"1a".repeat(20)}5af43d82803e903d91602b57fd5bf3`;

describe("cloneOf", () => {
  test("names what a clone runs, however its code is written", () => {
    expect(cloneOf(clone)).toBe(implementation);
    expect(cloneOf(`0x${clone.slice(2).toUpperCase()}`)).toBe(implementation);
  });

  test.each<[string, Hex]>([
    ["no code", "0x"],
    ["a clone with something behind it", `${clone}00`],
    ["another contract", "0x6080604052"],
  ])("says of %s that it is none", (_, code) => {
    expect(cloneOf(code)).toBeUndefined();
  });
});
