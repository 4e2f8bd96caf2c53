import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { LocalNetworkConfig } from "#core/config/network.ts";
import { zLocalNetworkConfig } from "#core/config/network.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const zReady = z.object({ kind: z.literal("ready"), state: z.string(), pageUrl: z.string() });

/** A devnet as a person starts it: a process of its own. */
export interface DevnetProcess {
  process: ChildProcess;
  network: LocalNetworkConfig;
  state: string;
  pageUrl: string;
  /** Everything it wrote so far. */
  output(): string;
  /** Ends it, and resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `devnet/main.ts` with these arguments; rejects with what it wrote when it does not come up. */
export async function startDevnetProcess(args: string[]): Promise<DevnetProcess> {
  const child = fork(MAIN, args, { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ready = await new Promise<z.output<typeof zReady>>((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`The devnet ended with ${String(code)}: ${output}`)));
    child.on("message", (message) => {
      const parsed = zReady.safeParse(message);
      if (parsed.success) resolve(parsed.data);
    });
  });
  const network = zLocalNetworkConfig.parse(
    JSON.parse(readFileSync(join(ready.state, "network.json"), "utf8")),
  );
  return {
    process: child,
    network,
    state: ready.state,
    pageUrl: ready.pageUrl,
    output: () => output,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, "close");
      }
      return child.exitCode;
    },
  };
}
