import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";

const MAX_BYTES = 1_000_000;

/** A log for people who report an error: what failed and where, never codes, tokens or keys. */
export interface Log {
  readonly error: (where: string, cause: unknown) => void;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause.cause === undefined ? "" : `\n  caused by ${describe(cause.cause)}`;
  return `${cause.stack ?? cause.message}${inner}`;
}

/** Appends to `trivet.log` in a folder; at 1 MB the file is kept once as `trivet.old.log`. */
export function openLog(directory: string, now: () => Date = () => new Date()): Log {
  const file = path.join(directory, "trivet.log");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    error(where, cause) {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size > MAX_BYTES) renameSync(file, path.join(directory, "trivet.old.log"));
      appendFileSync(file, `${now().toISOString()} ${where}: ${describe(cause)}\n`, { mode: 0o600 });
    },
  };
}
