import { readFileSync } from "node:fs";

const PAGE_BYTES = 4096;

/**
 * How much memory a process has resident, in bytes; undefined where the system has no /proc or the process is
 * gone. V8's own limit covers only a script's objects, not its buffers, so this is watched besides.
 */
export function residentBytes(pid: number): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1];
    return pages === undefined ? undefined : Number(pages) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
