import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const REGISTER = new URL("register.ts", import.meta.url).href;

/** An app that runs, in Electron or in the stand-in. */
export interface RunningApp {
  readonly process: ChildProcess;
  /** Where a person or a script can drive the windows: `http://127.0.0.1:PORT`. */
  readonly devToolsUrl: string;
  /** The stand-in's control channel, when it was asked for. */
  readonly controlUrl: string | undefined;
  /** Asks it to quit and waits until it has; resolves with its exit code, null after a signal. */
  readonly stop: () => Promise<number | null>;
  /** Resolves when it has ended, for whatever reason. */
  readonly exited: Promise<number | null>;
}

export interface LaunchOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Gets every line the app prints, on both outputs. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Starts a program and waits until it has said where its windows can be driven.
 *
 * @param patterns the lines it says it with; their first group is the value
 * @throws Error with its last words when it ends before
 */
export async function launch(
  command: string,
  args: readonly string[],
  patterns: { readonly devTools: RegExp; readonly control?: RegExp | undefined },
  { env, onLine }: LaunchOptions,
): Promise<RunningApp> {
  // The last is a line that says nothing: by its end the stand-in sees that this process is gone.
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  const said: string[] = [];
  const found: { devTools?: string; control?: string } = {};
  const { promise: ready, resolve, reject } = Promise.withResolvers<undefined>();
  for (const output of [child.stdout, child.stderr]) {
    if (output === null) continue;
    createInterface({ input: output }).on("line", (line) => {
      onLine?.(line);
      if (said.push(line) > 20) said.shift();
      found.devTools ??= patterns.devTools.exec(line)?.[1];
      found.control ??= patterns.control?.exec(line)?.[1];
      if (found.devTools !== undefined && (!patterns.control || found.control !== undefined))
        resolve(undefined);
    });
  }
  child.once("error", reject);
  void exited.then(() => {
    reject(new Error(`the app ended before its window opened. Its last words:\n${said.join("\n")}`));
  });
  await ready;
  return {
    process: child,
    devToolsUrl: found.devTools ?? "",
    controlUrl: found.control,
    exited,
    stop: async () => {
      child.kill();
      return exited;
    },
  };
}

export interface StandInOptions extends LaunchOptions {
  /** The app's built main file. */
  readonly main: string;
  readonly networkFile: string;
  readonly userData: string;
  /** Further arguments for the app. */
  readonly args?: readonly string[] | undefined;
  /** Opens the control channel for tests. */
  readonly control?: boolean | undefined;
}

const commandLine = (main: string, userData: string, args: readonly string[]) => [
  "--import",
  REGISTER,
  path.resolve(main),
  `--user-data-dir=${userData}`,
  ...args,
];

/** Starts an app that runs already once more, as the system does with a link. Resolves with its exit code. */
export async function startAgain({
  main,
  networkFile,
  userData,
  args = [],
  env,
}: Omit<StandInOptions, "control" | "onLine">): Promise<number | null> {
  const child = spawn(process.execPath, commandLine(main, userData, args), {
    env: { ...env, TRIVET_NETWORK: networkFile },
    stdio: "ignore",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

/**
 * Starts a built app in the stand-in for Electron.
 *
 * @throws Error when it ends before it has windows, with its last words
 */
export function launchStandIn(options: StandInOptions): Promise<RunningApp> {
  const { main, networkFile, userData, args = [], control = false, env, onLine } = options;
  return launch(
    process.execPath,
    commandLine(main, userData, args),
    { devTools: /^DevTools: (\S+)$/, ...(control && { control: /^Host control: (\S+)$/ }) },
    {
      env: { ...env, TRIVET_NETWORK: networkFile, ...(control && { TRIVET_HOST_CONTROL: "1" }) },
      onLine,
    },
  );
}
