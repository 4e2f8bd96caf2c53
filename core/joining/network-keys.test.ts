import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import { zFactorId } from "../primitives/hex.ts";
import { accountEntry } from "../security/opened-record.ts";
import { keysNaming } from "./network-keys.ts";

const at = (byte: string) => toAddress(`0x${byte.repeat(20)}`);
const factor = zFactorId.parse(`0x${"0f".repeat(32)}`);
const account = at("aa");
const ours = accountEntry(31_337, account);
const record = (byte: string, factors = [ours, factor]) => ({ key: at(byte), factors });

describe("the keys that the network may hold of an account", () => {
  test("are those whose record names it", () => {
    const events = [record("f1"), record("b0", [factor]), record("e1")];
    expect(keysNaming(account, 31_337, events)).toEqual([record("f1"), record("e1")]);
  });

  test("are told once, by their latest record", () => {
    const later = record("f1", [ours]);
    expect(keysNaming(account, 31_337, [record("f1"), later])).toEqual([later]);
    expect(keysNaming(account, 31_337, [record("f1"), record("f1", [factor])])).toEqual([]);
  });

  test("are another chain's and another account's not", () => {
    expect(keysNaming(account, 1, [record("f1")])).toEqual([]);
    expect(keysNaming(at("ab"), 31_337, [record("f1")])).toEqual([]);
  });
});
