import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { z } from "zod";
import { newerFile } from "#core/errors/newer-file.ts";
import { WalletError } from "#core/errors/wallet-error.ts";

/** A small file of JSON that is always whole: written to a temporary file, synced, renamed. */
export interface JsonFile<T> {
  /** The content; undefined when there is no file. Throws WalletError "file-damaged" or "file-newer" when it does not parse. */
  read(): Promise<T | undefined>;
  write(value: T): Promise<void>;
}

/** Whether an error of Node's file system says that the file does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/**
 * @param schema codec between what is on disk (input) and in memory (output); JSON has no bigint, so schemas of
 *   amounts read decimal strings, and `encode` turns them back
 */
export function jsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  encode: (value: T) => unknown = (value) => value,
): JsonFile<T> {
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(file, "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
      let content: unknown;
      try {
        content = JSON.parse(text);
        return schema.parse(content);
      } catch (cause) {
        // The schema itself may know better what is wrong.
        if (cause instanceof WalletError) throw cause;
        const name = path.basename(file);
        throw (
          newerFile(name, cause, content) ??
          new WalletError(
            "file-damaged",
            `The file ${name} of this wallet is damaged.`,
            `Move ${file} away and start Trivet again. Keys and money are not in it.`,
            { cause },
          )
        );
      }
    },
    async write(value) {
      const text = `${JSON.stringify(encode(value), null, 2)}\n`;
      // What could not be read again must not replace what can.
      schema.parse(JSON.parse(text));
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await writeFileAtomic(file, text, { mode: 0o600 });
    },
  };
}
