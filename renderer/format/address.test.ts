import { describe, expect, it } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { addressGroups, hexGroups, shortAddress } from "./address.ts";

const address = toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

describe("addresses on screens", () => {
  it("come in ten groups of four that make up the whole address", () => {
    const groups = addressGroups(address);
    expect(groups).toHaveLength(10);
    expect(`0x${groups.join("")}`).toBe(address);
  });

  it("are shortened by their middle", () => {
    expect(shortAddress(address)).toBe("0x5aAeb6…1BeAed");
  });
});

describe("hexGroups", () => {
  it("keeps every digit, also of an odd rest", () => {
    expect(hexGroups("0x1234567")).toEqual(["1234", "567"]);
  });
});
