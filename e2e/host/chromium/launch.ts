import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { findChromium } from "#tools/setup/chromium.mjs";
import { CdpConnection } from "./connection.ts";
import { createProfileFolder, removeProfileFolder } from "./profile-folder.ts";

/** Chromium cannot be started; the message says what a person can do. */
export class ChromiumFailed extends Error {}

const FLAGS = [
  "--remote-debugging-pipe",
  // Windows are opened one by one; without this flag Chromium would also end with the last one.
  "--no-startup-window",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-gpu",
  "--disable-quic",
  "--disable-search-engine-choice-screen",
  "--disable-sync",
  "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
  // A hidden or covered window goes on working, as Electron's windows do by default.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
  "--metrics-recording-only",
  "--password-store=basic",
  "--use-mock-keychain",
];

export interface RunningChromium {
  readonly connection: CdpConnection;
  readonly headless: boolean;
  /** Where a person or a script can drive the windows: `http://127.0.0.1:PORT`. */
  readonly devToolsUrl: string;
  /** Asks the running Chromium for a window without tabs or address bar; headed only. */
  readonly openAppWindow: (url: string) => void;
  /** Ends Chromium and removes its profile. */
  readonly stop: () => Promise<void>;
  /** The same at once, for a process that is about to end. */
  readonly kill: () => void;
  /** Resolves when Chromium has ended, for whatever reason. */
  readonly exited: Promise<void>;
}

/** Whether there is a screen to show windows on. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return (env.DISPLAY ?? "") !== "" || (env.WAYLAND_DISPLAY ?? "") !== "";
}

/**
 * Starts Chromium with a profile of its own.
 *
 * @param devToolsPort where it listens on loopback; 0 for any free port
 * @param extraFlags what the app appended to its command line
 * @throws {ChromiumFailed} when there is none, or it ends right away
 */
export async function launchChromium(devToolsPort: number, extraFlags: string[]): Promise<RunningChromium> {
  const { CHROMIUM, TRIVET_CHROMIUM = CHROMIUM } = process.env;
  const program = findChromium({ ...process.env, TRIVET_CHROMIUM });
  if (program === undefined) {
    throw new ChromiumFailed(
      "it found no Chromium, Chrome or Edge to show windows with. Install one, or name it with CHROMIUM=/path/to/it.",
    );
  }
  const headless = !hasDisplay();
  const folder = createProfileFolder();
  // Chromium refuses to sandbox its pages for root.
  const common = [`--user-data-dir=${folder}`, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  const flags = [...FLAGS, `--remote-debugging-port=${devToolsPort}`, ...common, ...extraFlags];
  const child = spawn(program, headless ? ["--headless", ...flags] : [...flags, "--test-type"], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    // Ctrl-C reaches every process of the terminal's group; Chromium is closed in order instead.
    detached: process.platform !== "win32",
  });
  const exited = ended(child);
  const [, , stderr, write, read] = child.stdio as [null, null, Readable, Writable, Readable];

  const kill = () => {
    if (child.exitCode === null) child.kill("SIGKILL");
    removeProfileFolder(folder);
  };
  try {
    const devToolsUrl = await devToolsAddress(program, stderr, exited);
    const connection = new CdpConnection(write, read);
    return {
      connection,
      headless,
      devToolsUrl,
      exited,
      kill,
      openAppWindow: (url) => {
        spawn(program, [...common, `--app=${url}`, "--test-type"], { stdio: "ignore" });
      },
      stop: async () => {
        connection.browser.post("Browser.close");
        const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
        await exited;
        clearTimeout(timer);
        removeProfileFolder(folder);
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  try {
    await once(child, "exit");
  } catch {
    // It could not be started: ended too, and `devToolsAddress` says so.
  }
}

/** Chromium says on its standard error where it listens. */
function devToolsAddress(program: string, stderr: Readable, exited: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    stderr.setEncoding("utf8");
    stderr.on("data", (chunk: string) => {
      if (said.length < 100_000) said += chunk;
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
      else if (said.includes("Cannot start http server for devtools")) {
        reject(new ChromiumFailed("the port of TRIVET_DEVTOOLS_PORT is taken."));
      }
    });
    void exited.then(() => {
      reject(new ChromiumFailed(`${program} ended right away. Its last words: ${said.trim().slice(-500)}`));
    });
  });
}
