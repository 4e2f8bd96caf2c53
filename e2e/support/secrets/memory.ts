import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** One way in which a secret could lie in a memory. */
export interface Needle {
  readonly form: string;
  readonly bytes: Buffer;
}

/** How 32 secret bytes could lie in a memory: as they are, as a number, or as text. */
export function formsOfSecret(name: string, secret: Uint8Array): Needle[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const forms: Needle[] = [
    { form: "bytes", bytes },
    // As V8 keeps a bigint: the least significant digit first.
    { form: "bigint", bytes: Buffer.from(bytes).reverse() },
    { form: "hex", bytes: Buffer.from(hex) },
    { form: "HEX", bytes: Buffer.from(hex.toUpperCase()) },
    { form: "hex in UTF-16", bytes: Buffer.from(hex, "utf16le") },
    { form: "base64", bytes: Buffer.from(bytes.toString("base64").replace(/=+$/, "")) },
    { form: "base64url", bytes: Buffer.from(bytes.toString("base64url")) },
  ];
  return forms.map(({ form, bytes: needle }) => ({ form: `${name} as ${form}`, bytes: needle }));
}

export const formOfText = (name: string, text: string): Needle => ({ form: name, bytes: Buffer.from(text) });

interface Area {
  readonly start: number;
  readonly end: number;
}

const CHUNK_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 4096;

/** Every area of a process that has anything of its own in memory: not the unchanged pages of files. */
function ownAreas(pid: number): Area[] {
  const areas: Area[] = [];
  let current: Area | undefined;
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (r|-)(w|-)\S* \S+ \S+ (\d+) *(\[v)?/.exec(line);
    if (head) {
      const [, start = "", end = "", readable, writable, file, kernel] = head;
      const isOwn = readable === "r" && (writable === "w" || file === "0") && kernel === undefined;
      current = isOwn ? { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) } : undefined;
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
 * @returns undefined when the process has ended
 * @throws Error when the memory cannot be read: then nothing can be said about it
 */
export function searchMemory(pid: number, needles: readonly Needle[]): string[] | undefined {
  try {
    const { found, searched } = search(pid, needles);
    if (searched === 0 && isRunning(pid)) throw new Error(`nothing in the memory of ${pid} could be read`);
    return searched === 0 ? undefined : found;
  } catch (error) {
    if (!isRunning(pid)) return undefined;
    throw error;
  }
}

function search(pid: number, needles: readonly Needle[]): { found: string[]; searched: number } {
  const found = new Set<string>();
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length)) - 1;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let searched = 0;
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const { start, end } of ownAreas(pid)) {
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

/** A process that has ended and waits for its parent to notice does not run. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat[stat.lastIndexOf(")") + 2] !== "Z";
  } catch {
    return false;
  }
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
