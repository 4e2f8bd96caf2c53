import { describe, expect, it } from "vitest";
import { toAddress } from "#core/primitives/address.ts";
import { recipient, tusd } from "../../testing/samples.ts";
import { checkRecipient } from "./address-check.ts";

const own = toAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
const check = (text: string) => checkRecipient(text, own, [tusd]);

describe("a recipient that is being typed", () => {
  it("is nothing to speak of while it is empty", () => {
    expect(check("  ")).toEqual({ kind: "empty" });
  });

  it("is right with its checksum, also with spaces around it", () => {
    expect(check(` ${recipient} `)).toEqual({ kind: "ok", address: recipient, checksummed: true });
  });

  it("is right without a checksum, and known to have none", () => {
    expect(check(recipient.toLowerCase())).toEqual({ kind: "ok", address: recipient, checksummed: false });
  });

  it.each([
    ["an unfinished address", "0x5aAeb6053F", "not an address yet"],
    ["a typing error", recipient.replace("5aA", "5AA"), "checksum does not match"],
    ["the zero address", `0x${"00".repeat(20)}`, "zero address"],
    ["the account itself", own.toLowerCase(), "your own account"],
    ["a token's contract", tusd.address, "contract of Trivet Dollar"],
  ])("is refused when it is %s", (_name, text, message) => {
    expect(check(text)).toEqual({ kind: "wrong", message: expect.stringContaining(message) });
  });
});
