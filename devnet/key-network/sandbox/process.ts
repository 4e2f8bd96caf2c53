import { spawn, type ChildProcessByStdio } from "node:child_process";
import { builtinModules } from "node:module";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { denoBinary } from "./deno.ts";

/** Where a sandbox's processes live and what they may reach. */
export interface SandboxPlace {
  /** A folder for Deno's compile cache. */
  readonly cacheDir: string;
  /** An empty folder to start in. */
  readonly workDir: string;
  /** `address:port` of everything that may be reached. */
  readonly reachable: readonly string[];
  /** Limit of the script's objects in megabytes. */
  readonly heapMegabytes: number;
  /** Processor seconds after which the system ends the process, even when the node is gone. */
  readonly processorSeconds: number;
}

export type SandboxProcess = ChildProcessByStdio<Writable, Readable, Readable>;

const RUNNER = fileURLToPath(new URL("runner.ts", import.meta.url));

/** Maps every Node built-in to a module that throws: Deno would offer them all, also to `import()`. */
const NO_BUILTINS = importMap();

/** Starts a process that waits for the one line of input of one gate run. */
export function startSandboxProcess(place: SandboxPlace): SandboxProcess {
  const args = [
    "run",
    "--quiet",
    ...["--no-remote", "--no-npm", "--no-config", "--no-lock", "--no-prompt"],
    ...[
      "--deny-read",
      "--deny-write",
      "--deny-env",
      "--deny-run",
      "--deny-ffi",
      "--deny-sys",
      "--deny-import",
    ],
    place.reachable.length === 0 ? "--deny-net" : `--allow-net=${place.reachable.join(",")}`,
    `--import-map=${NO_BUILTINS}`,
    `--v8-flags=--max-old-space-size=${place.heapMegabytes}`,
    RUNNER,
  ];
  const options = {
    cwd: place.workDir,
    env: {
      DENO_DIR: place.cacheDir,
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
    },
    stdio: ["pipe", "pipe", "pipe"] satisfies ["pipe", "pipe", "pipe"],
  };
  if (process.platform === "win32") return spawn(denoBinary(), args, options);
  // A script in an endless loop would outlive a node that was killed; the system's own limit ends it.
  const limits = `ulimit -c 0; ulimit -t ${place.processorSeconds}; exec "$0" "$@"`;
  return spawn("/bin/sh", ["-c", limits, denoBinary(), ...args], options);
}

function importMap(): string {
  const refusal = `data:text/javascript,${encodeURIComponent('throw new TypeError("A gate has no modules.")')}`;
  const names = builtinModules
    .filter((name) => !name.startsWith("_"))
    .map((name) => name.replace(/^node:/, ""));
  const imports = Object.fromEntries(names.map((name) => [`node:${name}`, refusal]));
  return `data:application/json,${encodeURIComponent(JSON.stringify({ imports }))}`;
}
