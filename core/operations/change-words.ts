import { encodeAbiParameters } from "viem/utils";
import type { Hex } from "../primitives/hex.ts";
import { type Change, changeRow } from "./changes.ts";
import type { FieldValue, WordValue } from "./fields.ts";

/** What each field of a change is under its EIP-712 type, by name and in order; without account and nonce. */
export function changeWordValues(change: Change): Record<string, WordValue> {
  const values: Readonly<Record<string, FieldValue>> = change;
  return Object.fromEntries(
    Object.entries(changeRow(change.kind).fields).map(([name, field]) => {
      const value = values[name];
      if (value === undefined) throw new TypeError(`the change "${change.kind}" misses its ${name}`);
      return [name, field.toWordValue(value)];
    }),
  );
}

/** The fields of a change as the account takes them: one word each, padded as EIP-712 pads them. */
export function changeWords(change: Change): Hex[] {
  const { fields } = changeRow(change.kind);
  return Object.entries(changeWordValues(change)).map(([name, value]) =>
    encodeAbiParameters([{ type: fields[name]?.solidity ?? "bytes32" }], [value]),
  );
}
