import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launch, launchStandIn, type RunningApp } from "#e2e/host/launch.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ELECTRON = path.dirname(createRequire(import.meta.url).resolve("electron/package.json"));
/** Left behind by a download that failed, so that not every start waits for the next one. */
const FAILED = path.join(ROOT, "node_modules/.cache/trivet/electron-download-failed");
const TRY_AGAIN_AFTER_MS = 24 * 60 * 60 * 1000;
const DOWNLOAD_TIMEOUT_MS = 60_000;

export interface StartOptions {
  /** The network's description. */
  readonly networkFile: string;
  /** The app's data folder. */
  readonly userData: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets every line the app prints. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Told in one line which of the two runs the app. */
  readonly say?: (line: string) => void;
  /** Whether Electron's binary may be fetched by Electron's own installer; tests never do. */
  readonly mayDownload?: boolean;
}

/** Electron's own program, if it is there. */
export function electronProgram(): string | undefined {
  const named = path.join(ELECTRON, "path.txt");
  if (!existsSync(named)) return undefined;
  const program = path.join(ELECTRON, "dist", readFileSync(named, "utf8").trim());
  return existsSync(program) ? program : undefined;
}

function failedLately(): boolean {
  const stamp = statSync(FAILED, { throwIfNoEntry: false });
  return stamp !== undefined && Date.now() - stamp.mtimeMs < TRY_AGAIN_AFTER_MS;
}

/** Has Electron's own installer fetch its binary, once a day at the most where that cannot be done. */
async function fetchElectron(env: NodeJS.ProcessEnv): Promise<void> {
  if (failedLately()) return;
  try {
    await promisify(execFile)(process.execPath, [path.join(ELECTRON, "install.js")], {
      env,
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
  } catch {
    mkdirSync(path.dirname(FAILED), { recursive: true });
    writeFileSync(FAILED, "");
  }
}

/**
 * Starts the built app: in Electron where its binary is there or can be had, else in the stand-in host.
 *
 * @throws Error with the app's last words when it ends before its window opened
 */
export async function startApp(options: StartOptions): Promise<RunningApp> {
  const { networkFile, userData, env, onLine, say = () => undefined, mayDownload = false } = options;
  if (mayDownload && !electronProgram()) await fetchElectron(env);
  const program = electronProgram();
  if (!program) {
    say(
      "Electron's own binary cannot be had here: the wallet runs in the stand-in host (Node and Chromium).",
    );
    return launchStandIn({ main: path.join(ROOT, "out/main/index.js"), networkFile, userData, env, onLine });
  }
  say("The wallet runs in Electron.");
  return launch(
    program,
    [
      ROOT,
      `--user-data-dir=${userData}`,
      "--remote-debugging-port=0",
      "--remote-debugging-address=127.0.0.1",
    ],
    { devTools: /DevTools listening on (ws:\/\/127\.0\.0\.1:\d+)\// },
    { env: { ...env, TRIVET_NETWORK: networkFile }, onLine },
  );
}
