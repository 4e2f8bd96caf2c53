import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** One way in which a secret could lie in a memory. */
export interface Needle {
  readonly form: string;
  readonly bytes: Buffer;
}

/** How 32 secret bytes could lie in a memory: as they are, as a number, or as text. */
export function formsOfSecret(secret: Uint8Array): Needle[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  return [
    { form: "bytes", bytes },
    // As V8 keeps a bigint: the least significant digit first.
    { form: "bigint", bytes: Buffer.from(bytes).reverse() },
    { form: "hex", bytes: Buffer.from(hex) },
    { form: "HEX", bytes: Buffer.from(hex.toUpperCase()) },
    { form: "hex in UTF-16", bytes: Buffer.from(hex, "utf16le") },
    { form: "base64", bytes: Buffer.from(bytes.toString("base64").replace(/=+$/, "")) },
    { form: "base64url", bytes: Buffer.from(bytes.toString("base64url")) },
  ];
}

export const formsOfText = (text: string): Needle[] => [{ form: "text", bytes: Buffer.from(text) }];

interface Area {
  readonly start: number;
  readonly end: number;
}

const CHUNK_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 4096;

/** Every readable area of a process that has anything in memory. */
function readableAreas(pid: number): Area[] {
  const areas: Area[] = [];
  let current: Area | undefined;
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (r?)\S* .*?(\[v\S+\])?$/.exec(line);
    if (head) {
      const [, start = "", end = "", readable, special] = head;
      // The kernel's own areas cannot be read, and hold nothing of the program's.
      current =
        readable === "r" && special === undefined
          ? { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }
          : undefined;
    } else if (current && /^(Rss|Swap):\s+[1-9]/.test(line)) {
      areas.push(current);
      current = undefined;
    }
  }
  return areas;
}

/**
 * Which of the needles lie in a process's memory, by their forms; needs the right to look into it, which a process's
 * parent and root have.
 * @throws Error when the memory cannot be read: then nothing can be said about it
 */
export function searchMemory(pid: number, needles: readonly Needle[]): { found: string[]; searched: number } {
  const found = new Set<string>();
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length)) - 1;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let searched = 0;
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const { start, end } of readableAreas(pid)) {
      let length = 0;
      for (let at = start; at < end; at += Math.max(length - overlap, PAGE_BYTES)) {
        length = readAt(memory, chunk, at, Math.min(CHUNK_BYTES, end - at));
        searched += length;
        const seen = chunk.subarray(0, length);
        for (const { form, bytes } of needles) if (seen.includes(bytes)) found.add(form);
      }
    }
  } finally {
    closeSync(memory);
  }
  return { found: [...found], searched };
}

/** Reads as far as it goes: a page may have been given back since the areas were listed. */
function readAt(memory: number, chunk: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, chunk, 0, length, at);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "EIO" || error.code === "EFAULT"))
      return 0;
    throw error;
  }
}
