import { describe, expect, it } from "vitest";
import { tusd } from "../../testing/samples.ts";
import { checkAmount } from "./amount-check.ts";

const check = (text: string) => checkAmount(text, { token: tusd, amount: 1_250_500_000n });

describe("an amount that is being typed", () => {
  it("is nothing to speak of while it is empty", () => {
    expect(check(" ")).toEqual({ kind: "empty" });
  });

  it("may be anything up to the whole balance", () => {
    expect(check("0.000001")).toEqual({ kind: "ok", amount: 1n });
    expect(check("1250.5")).toEqual({ kind: "ok", amount: 1_250_500_000n });
  });

  it.each([
    ["more than there is", "1250.500001", "You have 1,250.5 TUSD"],
    ["no number", "12,5", "with a point"],
    ["too fine", "1.0000001", "6 decimals at most"],
    ["zero", "0.00", "above zero"],
  ])("is refused when it is %s", (_name, text, message) => {
    expect(check(text)).toEqual({ kind: "wrong", message: expect.stringContaining(message) });
  });
});
