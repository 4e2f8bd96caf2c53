import { describe, expect, it } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { recipient, tusd } from "../../testing/samples.ts";
import { recipientProblem } from "./address-check.ts";

const own = toAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");

describe("a recipient", () => {
  it("is anybody else", () => {
    expect(recipientProblem(recipient, own, [tusd])).toBeUndefined();
  });

  it.each([
    ["the account itself", own, "your own account"],
    ["a token's contract", tusd.address, "contract of Trivet Dollar"],
  ])("is not %s", (_name, address, message) => {
    expect(recipientProblem(address, own, [tusd])).toContain(message);
  });
});
