import { privateKeyToAccount } from "viem/accounts";
import { recoverAddress } from "viem/utils";
import { beforeAll, describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import {
  codeOfRequest,
  computerName,
  joinRequestDigest,
  joinRequestText,
  MAX_REQUEST_LENGTH,
  parseJoinRequest,
  type SignedJoinRequest,
  zComputerName,
  zJoinRequest,
} from "./request.ts";

const implementation = toAddress(`0x${"1a".repeat(20)}`);
const key = privateKeyToAccount(`0x${"5e".repeat(32)}`);
const request = zJoinRequest.parse({
  chainId: 31_337,
  account: `0x${"aa".repeat(20)}`,
  device: key.address,
  name: "Ada's new laptop",
  until: 1_795_300_000,
});
let signed: SignedJoinRequest;
let text: string;
beforeAll(async () => {
  signed = { request, signature: await key.sign({ hash: joinRequestDigest(request, implementation) }) };
  text = joinRequestText(signed);
});

describe("a joining request", () => {
  test("comes back from its text, spaces around it or not", () => {
    expect(parseJoinRequest(text)).toEqual({ signed });
    expect(parseJoinRequest(`\n  ${text}\r\n`)).toEqual({ signed });
  });

  test("is short enough for a QR code that a phone reads", () => {
    expect(text.length).toBeLessThan(450);
  });

  test("is signed by the key that it is about, over all of it", async () => {
    const signer = (of: typeof request) =>
      recoverAddress({ hash: joinRequestDigest(of, implementation), signature: signed.signature });
    expect(await signer(request)).toBe(key.address);
    for (const changed of [
      { ...request, chainId: 1 },
      { ...request, account: toAddress(`0x${"ab".repeat(20)}`) },
      { ...request, device: toAddress(`0x${"ab".repeat(20)}`) },
      { ...request, name: "Eve's laptop" },
      { ...request, until: request.until + 1 },
    ]) {
      expect(await signer(changed)).not.toBe(key.address);
    }
  });

  test("shows the code of its device key, whatever the computer is called", () => {
    expect(codeOfRequest({ ...request, name: "Other", until: 1 })).toBe(codeOfRequest(request));
    expect(codeOfRequest({ ...request, device: toAddress(`0x${"ab".repeat(20)}`) })).not.toBe(
      codeOfRequest(request),
    );
  });

  test.each<[string, (text: string) => string]>([
    ["something else", () => "hello"],
    ["an address", () => request.account],
    ["nothing", () => ""],
    ["a field missing", (whole) => whole.replace(/&until=\d+/, "")],
    ["a field twice", (whole) => `${whole}&name=Eve`],
    ["a field more", (whole) => `${whole}&x=1`],
    ["half an escape", (whole) => whole.replace("name=", "name=%E0%A4%A")],
    ["a name of two lines", (whole) => whole.replace("name=", "name=a%0A")],
    ["a name in another script", (whole) => whole.replace("name=Ada", `name=${encodeURIComponent("Аda")}`)],
    ["a wrong checksum", (whole) => whole.replace(key.address, `0xA${key.address.slice(3).toLowerCase()}`)],
    ["a signature cut off", (whole) => whole.slice(0, -2)],
    ["a time that is no number", (whole) => whole.replace(/until=\d+/, "until=1e400")],
    ["more than a request has", (whole) => whole + " ".repeat(2) + "x".repeat(MAX_REQUEST_LENGTH)],
  ])("is refused with %s", (_, change) => {
    expect(parseJoinRequest(change(text))).toEqual({ problem: "not-a-request" });
  });

  test("of a later version says so", () => {
    expect(parseJoinRequest(text.replace("v=1", "v=2"))).toEqual({ problem: "version" });
  });
});

describe("a computer's name", () => {
  test.each([
    ["ada-laptop.local", "ada-laptop.local"],
    ["Adas MacBook Pro", "Adas MacBook Pro"],
    ["Zoë’s PC", "Zoes PC"],
    ["  <b>x</b>", "bxb"],
    ["Рабочий", "Another computer"],
    ["", "Another computer"],
    ["x".repeat(80), "x".repeat(40)],
  ])("is plain text of any: %j becomes %j", (given, name) => {
    expect(computerName(given)).toBe(name);
    expect(zComputerName.safeParse(name).success).toBe(true);
  });
});
