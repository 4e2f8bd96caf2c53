import { ByteReader, incorrectData } from "../../apdu.ts";
import type { Heap } from "../heap.ts";

/** The types of a field, in the order of their numbers in a definition. */
export const FIELD_TYPES = ["struct", "int", "uint", "address", "bool", "string", "bytesN", "bytes"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** Whether values of a type are hashed before they are encoded. */
export const isDynamic = (type: FieldType): boolean => type === "string" || type === "bytes";

/** One field of a struct definition. */
export interface FieldDefinition {
  readonly name: string;
  readonly type: FieldType;
  /** Of a struct: its name. */
  readonly structName: string | undefined;
  /** Of int, uint and bytesN: bytes. */
  readonly size: number | undefined;
  /** Of an array: the size of each level from the innermost to the outermost, undefined where any size is allowed. */
  readonly arrayLevels: readonly (number | undefined)[];
}

export interface StructDefinition {
  readonly name: string;
  readonly fields: FieldDefinition[];
}

const ARRAY = 0x80;
const SIZED = 0x40;
const TYPE = 0x0f;
const ANY_SIZE = 0;
const FIXED_SIZE = 1;

/** A field definition: type byte, [struct name] or [size], [array levels], name. */
export function parseField(data: Uint8Array, heap: Heap): FieldDefinition {
  const reader = new ByteReader(data);
  const head = reader.uint8();
  const type = FIELD_TYPES[head & TYPE];
  if (!type) throw incorrectData(`there is no field type ${head & TYPE}`);
  const sized = (head & SIZED) !== 0;
  if (sized && type === "struct") throw incorrectData("a struct has no size");
  const size = sized ? reader.uint8() : undefined;
  const structName = type === "struct" ? reader.text() : undefined;
  const arrayLevels = (head & ARRAY) === 0 ? [] : Array.from({ length: reader.uint8() }, () => level(reader));
  const name = reader.text();
  if (reader.remaining > 0) throw incorrectData("there is more than a field definition");

  heap.allocate(24, name.length + 1);
  if (structName !== undefined) heap.allocate(structName.length + 1);
  if (arrayLevels.length > 0) heap.allocate(2 * arrayLevels.length);
  return { name, type, structName, size, arrayLevels };
}

function level(reader: ByteReader): number | undefined {
  const kind = reader.uint8();
  if (kind === ANY_SIZE) return undefined;
  if (kind === FIXED_SIZE) return reader.uint8();
  throw incorrectData(`there is no array level of kind ${kind}`);
}

/** The Solidity type of a field, as it stands in encodeType. */
function solidityType({ type, structName, size, arrayLevels }: FieldDefinition): string {
  const sizes = arrayLevels.map((length) => `[${length ?? ""}]`).join("");
  return `${structName ?? baseType(type, size)}${sizes}`;
}

function baseType(type: FieldType, size: number | undefined): string {
  if (size === undefined) return type === "bytesN" ? "bytes" : type;
  if (type === "int" || type === "uint") return `${type}${size * 8}`;
  if (type === "bytesN") return `bytes${size}`;
  throw incorrectData(`${type} has no size`);
}

/** The structs of a message, in the order of their definition. */
export class StructDefinitions {
  readonly #structs: StructDefinition[] = [];
  readonly #heap: Heap;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Begins a struct; the fields that follow belong to it. */
  begin(name: string): void {
    this.#heap.allocate(12, name.length + 1);
    this.#structs.push({ name, fields: [] });
  }

  /** Adds a field to the struct that was begun last. */
  addField(data: Uint8Array): void {
    const struct = this.#structs.at(-1);
    if (!struct) throw incorrectData("a field before any struct");
    struct.fields.push(parseField(data, this.#heap));
  }

  /** @throws StatusError 6a80 when there is none of that name */
  find(name: string | undefined): StructDefinition {
    const struct = this.#structs.find((candidate) => candidate.name === name);
    if (!struct) throw incorrectData(`there is no struct "${name ?? ""}"`);
    return struct;
  }

  /**
   * encodeType of EIP-712: the struct, then the structs it refers to, by name. The app counts a struct that
   * refers to itself among those it refers to.
   */
  encodeType(struct: StructDefinition): string {
    const referred = new Set<StructDefinition>();
    this.#collect(struct, referred);
    const sorted = [...referred].sort((a, b) => (a.name < b.name ? -1 : 1));
    return [struct, ...sorted]
      .map(({ name, fields }) => {
        const members = fields.map((field) => `${solidityType(field)} ${field.name}`);
        return `${name}(${members.join(",")})`;
      })
      .join("");
  }

  #collect({ fields }: StructDefinition, into: Set<StructDefinition>): void {
    for (const { type, structName } of fields) {
      if (type !== "struct") continue;
      const referred = this.find(structName);
      if (into.has(referred)) continue;
      into.add(referred);
      this.#collect(referred, into);
    }
  }
}
