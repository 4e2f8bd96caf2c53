import { describe, expect, test } from "vitest";
import { NO_SALT } from "#core/primitives/hex.ts";
import { parseRpcUrl } from "../chain/connection.ts";
import { readEmbedded } from "../embedded.ts";
import { parseSalt, parseSigner } from "./holdings.ts";
import { parsePrivateKey } from "./private-key.ts";

const KEY = "ab".repeat(32);
const ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

describe("a private key that is typed", () => {
  test.each([KEY, `0x${KEY}`, `  0X${KEY.toUpperCase()}\n`])("may look like %s", (text) => {
    expect(parsePrivateKey(text).address).toBe(parsePrivateKey(KEY).address);
  });

  test.each([
    ["too short", "0x1234", "private-key"],
    ["empty", "", "private-key"],
    ["zero", "00".repeat(32), "private-key"],
    ["beyond the curve's order", "ff".repeat(32), "private-key"],
    ["a recovery phrase", Array.from({ length: 12 }, () => "abandon").join(" "), "recovery-phrase"],
  ])("is refused when it is %s", (_what, text, code) => {
    expect(() => parsePrivateKey(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe("a signer that is typed", () => {
  test("may be an address, in any case", () => {
    expect(parseSigner(` ${ADDRESS.toLowerCase()} `)).toBe(ADDRESS);
  });

  test("may be a verifier and a public key", () => {
    const signer = `${ADDRESS.toLowerCase()}${"cd".repeat(64)}`;
    expect(parseSigner(signer)).toBe(signer);
  });

  test.each(["", "ben", ADDRESS.replace("5aA", "5Aa"), `0x${"00".repeat(20)}`, `0x${"11".repeat(19)}`])(
    "is refused when it is %s",
    (text) => {
      expect(() => parseSigner(text)).toThrow(expect.objectContaining({ code: "signer" }));
    },
  );
});

describe("a salt that is typed", () => {
  test("may be left out", () => {
    expect(parseSalt("  ")).toBe(NO_SALT);
  });

  test("is refused unless it has 32 bytes", () => {
    expect(parseSalt(`0x${KEY}`)).toBe(`0x${KEY}`);
    expect(() => parseSalt("0x12")).toThrow(expect.objectContaining({ code: "salt" }));
  });
});

describe("an RPC address that is typed", () => {
  test.each(["https://rpc.example.org/v3/key", " http://192.168.1.2:8545 "])("may be %s", (text) => {
    expect(parseRpcUrl(text).href).toContain(text.trim());
  });

  test.each([
    ["rpc.example.org", "rpc-address"],
    ["wss://rpc.example.org", "rpc-address"],
    ["javascript:alert(1)", "rpc-address"],
    ["https://ada:secret@rpc.example.org", "rpc-password"],
  ])("is refused when it is %s", (text, code) => {
    expect(() => parseRpcUrl(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe("the data in the page", () => {
  test("may be missing", () => {
    expect(readEmbedded("null")).toEqual({ kit: undefined, problem: undefined });
  });

  test.each(["", "{", "{}", '{"version":1}'])("is wholly left out when it is damaged: %s", (text) => {
    expect(readEmbedded(text)).toMatchObject({ kit: undefined, problem: { code: "kit-damaged" } });
  });
});
