import { bytesToBigInt, getAddress, toHex } from "viem";
import { incorrectData } from "../../apdu.ts";
import type { FieldDefinition } from "./definitions.ts";

/** The buffer in which a value is written for the screen holds 379 characters and a final zero. */
const CAPACITY = 379;
const ELLIPSIS = "...";

/** Sizes of signed integers, in bytes, that the app can show. */
const SHOWN_INTEGERS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16, 32]);

/** What a value looks like while its parts arrive. */
export interface Display {
  readonly text: string;
}

export const NOTHING_SHOWN: Display = { text: "" };

const cut = (text: string): string => text.slice(0, CAPACITY - ELLIPSIS.length) + ELLIPSIS;

/** A text that does not fit ends in "...", unless the part in which it overflowed was not the last. */
function addText({ text }: Display, part: Uint8Array, last: boolean): string {
  const room = CAPACITY - text.length;
  if (room <= 0) return text;
  const whole = text + Buffer.from(part).toString("latin1");
  if (whole.length <= CAPACITY) return whole;
  return last ? cut(whole) : whole.slice(0, CAPACITY);
}

function addBytes({ text }: Display, part: Uint8Array, first: boolean, last: boolean): string {
  const before = first ? "0x" : text;
  const room = Math.floor((CAPACITY - before.length) / 2);
  const whole = before + Buffer.from(part.subarray(0, room)).toString("hex").toUpperCase();
  return last && room < part.length ? cut(whole.padEnd(CAPACITY)) : whole;
}

function integer({ size = 0 }: FieldDefinition, value: Uint8Array): string {
  if (value.length === 0 || value.length > size) throw incorrectData("the integer does not fit its type");
  if (!SHOWN_INTEGERS.has(size)) throw incorrectData(`int${size * 8} cannot be shown`);
  if (size === 1 && value.length !== 1) throw incorrectData("an int8 has one byte");
  const unsigned = bytesToBigInt(value);
  return (value.length === size ? BigInt.asIntN(size * 8, unsigned) : unsigned).toString();
}

/**
 * Adds a part of a value to what is shown of it. Integers are raw decimals, addresses checksummed, bytes upper-case
 * hexadecimal; strings are shown byte by byte, of which the screen drops what is not ASCII.
 * @throws StatusError 6a80 when the value cannot be shown as its type
 */
export function addToDisplay(
  display: Display,
  field: FieldDefinition,
  part: Uint8Array,
  { first, last }: { first: boolean; last: boolean },
): Display {
  switch (field.type) {
    case "string":
      return { text: addText(display, part, last) };
    case "bytes":
    case "bytesN":
      return { text: addBytes(display, part, first, last) };
    case "address":
      if (part.length !== 20) throw incorrectData("an address has 20 bytes");
      return { text: getAddress(toHex(part)) };
    case "bool":
      if (part.length !== 1) throw incorrectData("a bool has one byte");
      return { text: part[0] === 0 ? "false" : "true" };
    case "int":
      return { text: integer(field, part) };
    case "uint":
      if (part.length > 32) throw incorrectData("an integer longer than 32 bytes");
      return { text: part.length === 0 ? "0" : bytesToBigInt(part).toString() };
    default:
      throw incorrectData("a struct cannot be shown");
  }
}
