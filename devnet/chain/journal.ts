import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A journal that cannot be trusted: something other than its torn end is not what was written. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/**
 * An append-only file of JSON lines that survives being killed at any moment.
 *
 * `append` returns only once the line is on the disk. A last line that was cut off while being written is
 * dropped when the journal is opened: nobody was ever told that it happened. A damaged line anywhere else is
 * refused, because dropping it would silently change everything after it.
 */
export class Journal<Entry> {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /**
   * Opens or creates the journal at `path`.
   *
   * @param parse turns one line's JSON value into an entry and throws when it is none
   * @throws {JournalError} when a line other than the last is damaged
   */
  static open<Entry>(
    path: string,
    parse: (value: unknown) => Entry,
  ): { journal: Journal<Entry>; entries: Entry[] } {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, "a+", 0o600);
    try {
      const { entries, validBytes, totalBytes } = readEntries(readFileSync(file), path, parse);
      if (validBytes < totalBytes) {
        ftruncateSync(file, validBytes);
        fsyncSync(file);
      }
      return { journal: new Journal<Entry>(file), entries };
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Writes one entry and waits until the disk has it. Throws what the system says when it cannot. */
  append(entry: Entry): void {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    for (let written = 0; written < line.length;) {
      written += writeSync(this.#file, line, written);
    }
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readEntries<Entry>(content: Buffer, path: string, parse: (value: unknown) => Entry) {
  const entries: Entry[] = [];
  let start = 0;
  for (let line = 1; start < content.length; line++) {
    const newline = content.indexOf(0x0a, start);
    const isLast = newline === -1 || newline === content.length - 1;
    const text = content.toString("utf8", start, newline === -1 ? content.length : newline);
    try {
      if (newline === -1) throw new Error("it has no end");
      entries.push(parse(JSON.parse(text)));
    } catch (error) {
      if (isLast) break;
      const reason = error instanceof Error ? error.message : String(error);
      throw new JournalError(
        `Line ${line} of ${path} is damaged (${reason}). Delete the file to start afresh.`,
      );
    }
    start = newline + 1;
  }
  return { entries, validBytes: start, totalBytes: content.length };
}
