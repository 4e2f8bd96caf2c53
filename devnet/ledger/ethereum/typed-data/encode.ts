import { hexToBytes, keccak256 } from "viem";
import { incorrectData } from "../../apdu.ts";
import { type FieldDefinition, isDynamic } from "./definitions.ts";

const WORD = 32;

/** keccak256 as bytes. */
export const hashBytes = (bytes: Uint8Array): Uint8Array => hexToBytes(keccak256(bytes));

function padded(value: Uint8Array, side: "left" | "right", filler = 0): Uint8Array {
  if (value.length > WORD) throw incorrectData("a value longer than 32 bytes");
  const padding = Buffer.alloc(WORD - value.length, filler);
  return Buffer.concat(side === "left" ? [padding, value] : [value, padding]);
}

/**
 * encodeData of EIP-712 for one value, which arrives without its padding.
 * @throws StatusError 6a80 when the value does not fit its type
 */
export function encodeValue(field: FieldDefinition, value: Uint8Array): Uint8Array {
  if (isDynamic(field.type)) return hashBytes(value);
  switch (field.type) {
    case "int": {
      if (value.length === 0) throw incorrectData("an empty integer");
      const negative = value.length === field.size && ((value[0] ?? 0) & 0x80) !== 0;
      return padded(value, "left", negative ? 0xff : 0);
    }
    case "uint":
      return padded(value, "left");
    case "address":
      if (value.length !== 20) throw incorrectData("an address has 20 bytes");
      return padded(value, "left");
    case "bool":
      if (value.length !== 1) throw incorrectData("a bool has one byte");
      return padded(value, "left");
    case "bytesN":
      return padded(value, "right");
    default:
      throw incorrectData(`${field.type} is not a value`);
  }
}
