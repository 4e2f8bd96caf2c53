import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { LOGS } from "../setup/paths.mjs";

/** A log of one run, in .cache/logs. */
export interface LogFile {
  path: string;
  line(text: string): void;
}

export function openLog(name: string): LogFile {
  mkdirSync(LOGS, { recursive: true });
  const path = join(LOGS, `${name}.log`);
  const stream = createWriteStream(path);
  return { path, line: (text) => void stream.write(`${text}\n`) };
}
