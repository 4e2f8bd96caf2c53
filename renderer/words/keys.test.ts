import { describe, expect, it } from "vitest";
import { holderDetail } from "./keys.ts";

describe("where a key is", () => {
  it("is told when it says more than the holder's name", () => {
    expect(holderDetail({ holder: "ledger", detail: "Nano S Plus" })).toBe("Nano S Plus");
  });

  it.each([
    ["this-computer", "This computer"],
    ["ledger", "Ledger"],
  ] as const)("is left out where it would only repeat it: %s", (holder, detail) => {
    expect(holderDetail({ holder, detail })).toBeUndefined();
  });
});
