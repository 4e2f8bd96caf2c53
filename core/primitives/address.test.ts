import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress } from "../testing/arbitraries.ts";
import { NATIVE_TOKEN, parseAddress, sameAddress, zAddress } from "./address.ts";

// From ERC-55.
const CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

describe("parseAddress", () => {
  test("accepts a checksummed address, and the same in one case", () => {
    for (const text of [CHECKSUMMED, CHECKSUMMED.toLowerCase(), ` ${CHECKSUMMED}\n`]) {
      expect(parseAddress(text)).toEqual({ address: CHECKSUMMED });
    }
  });

  test("notices every single changed letter of a checksummed address", () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(39), (address, position) => {
        const index = position + 2;
        const letter = address.charAt(index);
        const flipped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
        fc.pre(flipped !== letter);
        const changed = address.slice(0, index) + flipped + address.slice(index + 1);
        const digits = changed.slice(2);
        fc.pre(digits !== digits.toLowerCase() && digits !== digits.toUpperCase());
        expect(parseAddress(changed)).toEqual({ problem: "wrong-checksum" });
      }),
    );
  });

  test.each(["", "0x", "ada.eth", CHECKSUMMED.slice(2), `${CHECKSUMMED}0`, CHECKSUMMED.slice(0, -1)])(
    "refuses %j as no address",
    (text) => {
      expect(parseAddress(text)).toEqual({ problem: "not-an-address" });
    },
  );

  test("names the zero address", () => {
    expect(parseAddress(NATIVE_TOKEN)).toEqual({ problem: "zero" });
  });
});

describe("zAddress", () => {
  test("gives the checksummed address for any case, and takes the zero address as the chain's coin", () => {
    expect(zAddress.parse(CHECKSUMMED.toLowerCase())).toBe(CHECKSUMMED);
    expect(zAddress.parse(NATIVE_TOKEN)).toBe(NATIVE_TOKEN);
  });

  test("refuses a wrong checksum", () => {
    expect(zAddress.safeParse(CHECKSUMMED.replace("aA", "Aa")).success).toBe(false);
  });
});

test("sameAddress compares without case", () => {
  expect(sameAddress(CHECKSUMMED, CHECKSUMMED.toLowerCase())).toBe(true);
  expect(sameAddress(CHECKSUMMED, NATIVE_TOKEN)).toBe(false);
});
