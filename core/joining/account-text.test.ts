import { describe, expect, test } from "vitest";
import { EXIT_KIT_PLACE, fillExitKit, type ExitKit } from "../exit-kit/exit-kit.ts";
import { accountAddress } from "../keys/account-address.ts";
import { keyId, keyOfAddress } from "../keys/key.ts";
import { toAddress } from "../primitives/address.ts";
import { NO_SALT } from "../primitives/hex.ts";
import { accountLink, parseAccountText } from "./account-text.ts";

const account = toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
const at = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const idOf = (byte: string) => keyId(keyOfAddress(at(byte)));
const firstKeys = { device: idOf("d1"), mfa: idOf("f1"), recovery: idOf("e1"), salt: NO_SALT };
const kit: ExitKit = {
  version: 1,
  createdAt: 1,
  chain: { id: 31_337, name: "Devnet", nativeSymbol: "ETH" },
  account: accountAddress(at("fa"), at("1a"), firstKeys),
  implementation: at("1a"),
  factory: at("fa"),
  firstKeys,
  keys: [],
  tokens: [],
};
const page = fillExitKit(`<html>${EXIT_KIT_PLACE}</html>`, kit);

describe("which account is meant", () => {
  test.each([
    ["an address", account, { account }],
    ["an address without its checksum", ` ${account.toLowerCase()}\n`, { account }],
    ["a wallet's QR code", `ethereum:${account}@31337`, { account, chainId: 31_337 }],
    ["a QR code without a chain", `ethereum:${account}`, { account }],
    ["a QR code of a payment", `ethereum:pay-${account}@1/transfer?value=1`, { account, chainId: 1 }],
    ["Trivet's own link", accountLink(account, 31_337), { account, chainId: 31_337 }],
  ])("is said by %s", (_, text, meant) => {
    expect(parseAccountText(text)).toEqual(meant);
  });

  test("is said by an exit kit, with its data", () => {
    expect(parseAccountText(page)).toEqual({ account: kit.account, chainId: 31_337, kit });
  });

  test.each([
    ["nothing", "", "not-an-address"],
    ["words", "my account", "not-an-address"],
    ["an address with a typing error", account.replace("5a", "5b"), "wrong-checksum"],
    ["the same in a link", `ethereum:${account.replace("5a", "5b")}@1`, "wrong-checksum"],
    ["nobody's address", `0x${"00".repeat(20)}`, "zero"],
    ["a name", "ada.eth", "not-an-address"],
    ["an exit kit that was changed", page.replace('"version":1', '"version":9'), "kit-damaged"],
    ["half an exit kit", page.slice(0, -60), "kit-damaged"],
    ["an exit kit without data", EXIT_KIT_PLACE, "kit-damaged"],
  ])("is not said by %s", (_, text, problem) => {
    expect(parseAccountText(text)).toEqual({ problem });
  });
});
