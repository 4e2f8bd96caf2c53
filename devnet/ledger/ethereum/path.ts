import { type ByteReader, incorrectData } from "../apdu.ts";

const MAX_DEPTH = 10;

/** Reads a derivation path: a count (1 to 10), then as many 32-bit indices. */
export function readPath(reader: ByteReader): number[] {
  const depth = reader.uint8();
  if (depth < 1 || depth > MAX_DEPTH)
    throw incorrectData(`a path has 1 to ${MAX_DEPTH} indices, not ${depth}`);
  return Array.from({ length: depth }, () => reader.uint32());
}
