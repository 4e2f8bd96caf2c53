import { z } from "zod";
import { WalletError } from "./wallet-error.ts";

const zVersioned = z.object({ version: z.number() });

/** Whether a schema refused a content because its `version` is a later one than all that the schema knows. */
function isNewer(error: unknown, content: unknown): boolean {
  const { data } = zVersioned.safeParse(content);
  if (!data || !(error instanceof z.ZodError)) return false;
  return error.issues.some(
    (issue) =>
      issue.code === "invalid_value" &&
      issue.path.join() === "version" &&
      issue.values.every((known) => Number(known) < data.version),
  );
}

/**
 * What to tell a person whose file was written by a later version of Trivet: it is whole, and must not be moved away.
 * @param error why the file's schema refused `content`
 * @returns undefined where that is not the reason
 */
export function newerFile(name: string, error: unknown, content: unknown): WalletError | undefined {
  if (!isNewer(error, content)) return undefined;
  return new WalletError(
    "file-newer",
    `The file ${name} was written by a newer version of Trivet.`,
    "Update Trivet on this computer. Nothing is lost; leave the file where it is.",
    { cause: error },
  );
}
