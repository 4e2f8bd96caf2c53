import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { zNetworkConfig } from "#core/config/network.ts";
import { networkFile } from "#devnet/network-file.ts";
import { openLog } from "./log-file.ts";
import { ROOT } from "./runner.ts";

/** A devnet that is up, whoever started it. */
export interface RunningDevnet {
  /** The folder of everything it keeps. */
  state: string;
  networkFile: string;
  pageUrl: string;
  /** Resolves with a sentence when it ends without having been told to. Never, for one that ran before. */
  died: Promise<string>;
  /** Stops it, if it was started here. */
  stop(): Promise<void>;
}

const zReady = z.object({ kind: z.literal("ready"), state: z.string(), pageUrl: z.url() });

/**
 * Uses the devnet that runs with this state folder, or starts one.
 *
 * @param state the folder; null for one of its own that is deleted at the end
 * @param args the devnet's options
 * @throws Error with the devnet's own words when it does not come up
 */
export async function ensureDevnet(
  state: string | null,
  args: string[],
  say: (line: string) => void,
): Promise<RunningDevnet> {
  const running = state === null ? undefined : await findDevnet(state);
  if (running !== undefined) {
    say(`Using the devnet that is already running in ${running.state}`);
    return running;
  }
  say("Starting the devnet …");
  return startDevnet(args);
}

/** The devnet that says it runs in this folder, if it answers. */
async function findDevnet(state: string): Promise<RunningDevnet | undefined> {
  const file = networkFile(state);
  if (!existsSync(file)) return undefined;
  const { devnetPageUrl } = zNetworkConfig.parse(JSON.parse(readFileSync(file, "utf8")));
  if (devnetPageUrl === undefined) return undefined;
  const answers = await fetch(`${devnetPageUrl}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!answers) return undefined;
  return {
    state,
    networkFile: file,
    pageUrl: devnetPageUrl,
    died: new Promise(() => undefined),
    stop: async () => undefined,
  };
}

async function startDevnet(args: string[]): Promise<RunningDevnet> {
  const log = openLog("devnet");
  const child = fork(join(ROOT, "devnet/main.ts"), args, {
    // A process group of its own: Ctrl-C reaches it through us, after the wallet.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let isTold = false;
  let complaint = "";
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      log.line(line);
      if (stream === child.stderr) complaint = line;
    });
  }
  const ended = once(child, "close");
  const died = new Promise<string>((resolve) => {
    void ended.then(() => {
      const reason = complaint || `it was ended by ${child.signalCode ?? `code ${String(child.exitCode)}`}.`;
      if (!isTold) resolve(`The devnet is gone: ${reason} (log: ${log.path})`);
    });
  });
  const ready = await Promise.race([
    new Promise<z.output<typeof zReady>>((resolve) => {
      child.on("message", (message) => {
        const parsed = zReady.safeParse(message);
        if (parsed.success) resolve(parsed.data);
      });
    }),
    died.then((reason) => {
      throw new Error(reason);
    }),
  ]);
  return {
    state: ready.state,
    networkFile: networkFile(ready.state),
    pageUrl: ready.pageUrl,
    died,
    stop: async () => {
      isTold = true;
      child.kill("SIGTERM");
      await ended;
    },
  };
}
