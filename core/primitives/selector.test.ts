import { describe, expect, it } from "vitest";
import { handsOutTokens, parseSelector, selectorText } from "./selector.ts";

describe("a function's selector", () => {
  it.each([
    ["buy(uint256)", "0xd96a094a"],
    ["function buy( uint256 )", "0xd96a094a"],
    ["0xD96A094A", "0xd96a094a"],
    ["transfer(address,uint256)", "0xa9059cbb"],
    ["deposit()", "0xd0e30db0"],
  ])("is read from %s", (text, selector) => {
    expect(parseSelector(text)?.toLowerCase()).toBe(selector);
  });

  it.each(["", "buy", "buy(uint256", "0x12", "0xd96a094a00", "buy(uint256) payable; drop"])(
    "is not read from %j",
    (text) => {
      expect(parseSelector(text)).toBeUndefined();
    },
  );

  it("is named where it hands out tokens", () => {
    expect(handsOutTokens("0xa9059cbb")).toBe(true);
    expect(selectorText("0x095ea7b3")).toBe("approve(address,uint256)");
    expect(handsOutTokens("0xd96a094a")).toBe(false);
    expect(selectorText("0xd96a094a")).toBe("0xd96a094a");
  });
});
