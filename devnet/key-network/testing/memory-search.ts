import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const CHUNK_BYTES = 16 * 1024 * 1024;
const OVERLAP_BYTES = 256;

/** Every way a process might hold a 32-byte secret: as text, as bytes, and as V8 stores a bigint. */
function formsOf(secret: bigint): Buffer[] {
  const hex = secret.toString(16).padStart(64, "0");
  const bytes = Buffer.from(hex, "hex");
  return [Buffer.from(hex, "latin1"), Buffer.from(hex, "utf16le"), bytes, Buffer.from(bytes).reverse()];
}

/**
 * Which of the secrets a process' writable memory holds, in any form. Linux only; the process must be a child of
 * this one.
 */
export function secretsInMemory(pid: number, secrets: readonly bigint[]): bigint[] {
  const found = new Set<bigint>();
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const chunk of readWritableMemory(pid, memory)) {
      for (const secret of secrets) {
        if (!found.has(secret) && formsOf(secret).some((form) => chunk.includes(form))) found.add(secret);
      }
    }
  } finally {
    closeSync(memory);
  }
  return secrets.filter((secret) => found.has(secret));
}

/** Chunks that overlap by more than any form of a secret is long. */
function* readWritableMemory(pid: number, memory: number): Generator<Buffer> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (const [from, to] of writableRegions(pid)) {
    for (let position = from; position < to; position += CHUNK_BYTES - OVERLAP_BYTES) {
      yield chunk.subarray(0, readAt(memory, chunk, position, Math.min(CHUNK_BYTES, to - position)));
    }
  }
}

function writableRegions(pid: number): [from: number, to: number][] {
  return readFileSync(`/proc/${pid}/maps`, "latin1")
    .split("\n")
    .flatMap((line) => {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      return from !== undefined && to !== undefined ? [[parseInt(from, 16), parseInt(to, 16)]] : [];
    });
}

/** How much could be read; nothing of a region that has gone meanwhile. */
function readAt(memory: number, into: Buffer, position: number, length: number): number {
  try {
    return readSync(memory, into, 0, length, position);
  } catch {
    return 0;
  }
}
