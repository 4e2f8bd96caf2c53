import { incorrectData, StatusError, StatusWord } from "../../apdu.ts";
import type { Heap } from "../heap.ts";
import type { FieldDefinition, StructDefinition, StructDefinitions } from "./definitions.ts";
import { hashBytes } from "./encode.ts";

/** How deep structs may be nested, the root included. */
const MAX_STRUCT_DEPTH = 16;
/** How many arrays may be open at once. */
const MAX_OPEN_ARRAYS = 8;
/** The size of the state of a hash under way. */
const HASH_STATE = 432;

/** What the host has to send next. */
export type Slot =
  | { readonly kind: "array"; readonly size: number | undefined; readonly openArrays: number }
  | { readonly kind: "value"; readonly field: FieldDefinition; readonly tooDeep: boolean }
  /** A struct without fields: the app finds no way past it. */
  | { readonly kind: "dead-end" };

/** What was sent for a slot: the number of elements of an array, or the 32 bytes a value is encoded to. */
export type Answer =
  | { readonly kind: "array"; readonly size: number }
  | { readonly kind: "value"; readonly encoded: Uint8Array };

type Walk = Generator<Slot, Uint8Array, Answer>;

/**
 * Goes through the values of a struct in the order in which the host sends them, and hashes them as EIP-712 says;
 * ends with the 32 bytes of hashStruct.
 */
export function* walkStruct(
  struct: StructDefinition,
  definitions: StructDefinitions,
  heap: Heap,
  position: { readonly depth: number; readonly openArrays: number } = { depth: 1, openArrays: 0 },
): Walk {
  heap.allocate(HASH_STATE);
  const parts = [hashBytes(Buffer.from(definitions.encodeType(struct)))];
  if (struct.fields.length === 0) {
    for (;;) yield { kind: "dead-end" };
  }
  for (const field of struct.fields) {
    parts.push(yield* walkField(field, field.arrayLevels.length - 1, position.openArrays));
  }
  heap.release(HASH_STATE);
  return hashBytes(Buffer.concat(parts));

  /** @param level which array level comes next, the outermost first; -1 when an element itself does */
  function* walkField(field: FieldDefinition, level: number, openArrays: number): Walk {
    if (level >= 0) {
      const answer = yield { kind: "array", size: field.arrayLevels[level], openArrays };
      if (answer.kind !== "array") throw incorrectData("an array's length is due");
      heap.allocate(HASH_STATE);
      const elements: Uint8Array[] = [];
      for (let index = 0; index < answer.size; index += 1) {
        elements.push(yield* walkField(field, level - 1, openArrays + 1));
      }
      heap.release(HASH_STATE);
      return hashBytes(Buffer.concat(elements));
    }
    if (field.type === "struct") {
      return yield* walkStruct(definitions.find(field.structName), definitions, heap, {
        depth: position.depth + 1,
        openArrays,
      });
    }
    const answer = yield { kind: "value", field, tooDeep: position.depth > MAX_STRUCT_DEPTH };
    if (answer.kind !== "value") throw incorrectData("a value is due");
    return answer.encoded;
  }
}

/** @throws StatusError 6a80 when the slot is not an array, or not one of that size */
export function checkArray(slot: Slot, size: number): void {
  if (slot.kind !== "array") throw incorrectData("no array is due");
  if (slot.size !== undefined && slot.size !== size) {
    throw incorrectData(`the array has ${slot.size} elements, not ${size}`);
  }
  if (slot.openArrays >= MAX_OPEN_ARRAYS) throw incorrectData("too many arrays inside one another");
}

/** @throws StatusError when no value is due, 6a00 when it is nested too deeply */
export function valueField(slot: Slot): FieldDefinition {
  if (slot.kind !== "value") throw incorrectData("no value is due");
  if (slot.tooDeep) throw new StatusError(StatusWord.noInformation, "structs are nested too deeply");
  return slot.field;
}
