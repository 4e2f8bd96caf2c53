import { encodeErrorResult } from "viem/utils";
import { describe, expect, test } from "vitest";
import { CALLED_ABIS, CONTRACT_ERROR_TEXT, revertError } from "./contract-errors.ts";

const ERRORS = CALLED_ABIS.filter(({ type }) => type === "error");

const SAMPLE = {
  address: `0x${"11".repeat(20)}`,
  bytes32: `0x${"22".repeat(32)}`,
  bytes4: "0x33333333",
  bytes: "0x44",
  string: "x",
};

/** Any value of a Solidity type. */
const sample = (type: string) =>
  type.startsWith("uint") ? (Number(type.slice(4)) > 48 ? 1n : 1) : SAMPLE[type as keyof typeof SAMPLE];

describe("a contract's refusal", () => {
  test.each(ERRORS)("$name has a sentence of its own", (error) => {
    if (error.type !== "error") return;
    const data = encodeErrorResult({
      abi: [error],
      args: error.inputs.map(({ type }) => sample(type)),
    } as never);
    const shown = revertError(data);
    expect(shown.code).toBe(`contract-${error.name}`);
    expect(shown.message).toMatch(/^[A-Z].*\.$/);
    expect(shown.whatToDo).toMatch(/^[A-Z].*\.$/);
  });

  test("every sentence is of an error that exists", () => {
    const names = new Set(ERRORS.map((error) => (error.type === "error" ? error.name : "")));
    expect(new Set(Object.keys(CONTRACT_ERROR_TEXT))).toEqual(names);
  });

  test.each(["0x", "0x1234", `0xdeadbeef${"00".repeat(32)}`] as const)(
    "%s gets a general sentence",
    (data) => {
      expect(revertError(data).code).toBe("contract-refused");
    },
  );
});
