import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyOfAddress } from "../keys/key.ts";
import { REPLACEABLE_ROLES } from "../keys/role.ts";
import { NATIVE_TOKEN, toAddress } from "../primitives/address.ts";
import { anyOperation } from "../testing/arbitraries.ts";
import { partOf, requestWords } from "./words.ts";

const at = (byte: string) => toAddress(`0x${byte.repeat(20)}`);

describe("what a friend reads", () => {
  test("names whoever asks, and says what a part can, cannot, and what comes of doing nothing", () => {
    for (const role of REPLACEABLE_ROLES) {
      const { is, can, cannot, otherwise } = partOf(role, "Ana");
      for (const text of [is, otherwise, can.join(" ")]) expect(text).toContain("Ana");
      expect(cannot.join(" ")).toMatch(/cannot move money/);
    }
  });

  test("says of every operation what it is, what comes of it and what it cannot do", () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        const words = requestWords(operation, "Ana");
        for (const text of [words.title, words.then, words.cannot, words.otherwise]) {
          expect(text.length).toBeGreaterThan(3);
        }
        for (const { address, value } of words.facts) if (address) expect(value).toMatch(/^0x/);
      }),
      { numRuns: 100 },
    );
  });

  test("says to whom and how much a withdrawal goes, and whose key is added", () => {
    const common = { account: at("22"), nonce: 0n };
    const money = { ...common, kind: "withdraw", to: at("33"), amount: 15n * 10n ** 17n } as const;
    expect(requestWords({ ...money, token: NATIVE_TOKEN }, "Ana").facts).toEqual([
      { label: "Amount", value: "1.5 ETH", address: false },
      { label: "To", value: at("33"), address: true },
    ]);
    expect(requestWords({ ...money, token: at("44") }, "Ana").facts).toContainEqual({
      label: "Token",
      value: at("44"),
      address: true,
    });
    const key = keyOfAddress(at("55"));
    const added = requestWords({ ...common, kind: "addKey", role: "device", key, expires: 0 }, "Ana");
    expect([added.title, added.facts[0]?.value]).toEqual(["Add device key", at("55")]);
  });
});
