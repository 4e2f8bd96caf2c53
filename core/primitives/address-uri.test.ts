import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toAddress } from "./address.ts";
import { parseAddressUri } from "./address-uri.ts";

const address = toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

describe("an address in a QR code", () => {
  test.each([
    ["alone", ` ${address}\n`, { address, isCall: false }],
    ["of a wallet", `ethereum:${address}`, { address, isCall: false }],
    ["of a wallet that names the chain", `ethereum:${address}@10`, { address, chainId: 10, isCall: false }],
    ["with an amount", `ethereum:pay-${address}@1?value=1e18`, { address, chainId: 1, isCall: false }],
    [
      "of a token to be called",
      `ethereum:${address}@1/transfer?address=0x`,
      { address, chainId: 1, isCall: true },
    ],
    [
      "of an account of Trivet's",
      `trivet:account/${address}@31337`,
      { address, chainId: 31_337, isCall: false },
    ],
  ])("%s is read", (_, text, read) => {
    expect(parseAddressUri(text)).toEqual(read);
  });

  test.each([
    ["a mistyped character", `ethereum:${address.replace("5a", "5b")}`, "wrong-checksum"],
    ["nobody", `ethereum:0x${"00".repeat(20)}`, "zero"],
    ["a name", "ethereum:ada.eth", "not-an-address"],
    ["another scheme", `bitcoin:${address}`, "not-an-address"],
    ["more behind it", `${address}00`, "not-an-address"],
    ["a chain that is none", `ethereum:${address}@one`, "not-an-address"],
    ["another link of Trivet's", `trivet:join?account=${address}`, "not-an-address"],
  ])("of %s is refused", (_, text, problem) => {
    expect(parseAddressUri(text)).toEqual({ problem });
  });

  test("is never read out of anything else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.json()), (text) => {
        expect(parseAddressUri(text)).toEqual({ problem: "not-an-address" });
      }),
    );
  });
});
