import { readFile, stat } from "node:fs/promises";
import { usageKeyMissing } from "#core/key-network/errors.ts";

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/**
 * Reads the usage key of Lit's live service: a file with nothing else in it, which only its owner may read.
 * @throws WalletError usage-key-missing with a sentence that names the file, and never with what is in it
 */
export async function readUsageKey(file: string): Promise<string> {
  let text: string;
  try {
    const { mode } = await stat(file);
    // Windows has no such bits; there the profile's folder is the person's own.
    if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
      throw usageKeyMissing(
        `Others on this computer may read ${file}, which holds a credential: chmod 600 it.`,
      );
    }
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw usageKeyMissing(`There is no usage key of Lit's service at ${file}.`, cause);
  }
  const key = text.trim();
  if (!/^[\x21-\x7e]+$/.test(key))
    throw usageKeyMissing(`${file} does not hold a usage key of Lit's service.`);
  return key;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";
