import type { SpawnOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Outcome {
  exitCode: number;
  /** Everything the command wrote, as it came. */
  output: string;
  seconds: number;
}

/**
 * Runs a script on this Node and keeps what it writes.
 *
 * @param onLine each line as it is written
 */
export async function runScript(
  script: string,
  args: string[],
  onLine: (line: string) => void = () => undefined,
): Promise<Outcome> {
  const started = performance.now();
  const options: SpawnOptions = {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  };
  const child = spawn(process.execPath, [script, ...args], options);
  let interrupted = false;
  const passOn = (signal: NodeJS.Signals) => {
    interrupted = true;
    child.kill(signal);
  };
  process.on("SIGTERM", passOn).on("SIGINT", passOn).on("SIGHUP", passOn);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const line of text.split("\n")) {
        if (line.trim() !== "") onLine(line.trim());
      }
    });
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      // Whoever pressed Ctrl-C wants the rest not to run either.
      if (interrupted) process.exit(130);
      resolve(code ?? 1);
    });
  });
  process.off("SIGTERM", passOn).off("SIGINT", passOn).off("SIGHUP", passOn);
  return { exitCode, output, seconds: (performance.now() - started) / 1000 };
}
