import path from "node:path";
import { hasDisplay } from "#e2e/host/chromium/launch.ts";
import { launch, type LaunchOptions, launchStandIn, type RunningApp } from "#e2e/host/launch.ts";
import { electronPlaces, findElectron } from "./electron-binary.ts";
import { CACHE, ROOT } from "./setup/paths.mjs";

export interface StartAppOptions extends LaunchOptions {
  readonly networkFile: string;
  readonly userData: string;
  /** Further arguments for the app. */
  readonly args?: readonly string[] | undefined;
}

/** The wallet, running. */
export interface StartedApp extends RunningApp {
  readonly host: "electron" | "stand-in";
}

const MAIN = path.join(ROOT, "out", "main", "index.js");

/**
 * Starts the built wallet: in Electron where its program is there or can be downloaded and there is a display, else
 * in the stand-in, which it says in one line.
 *
 * @param say gets lines for the person: what the wallet runs in, and why
 * @throws Error with its last words when the wallet ends before it has windows
 */
export async function startApp(options: StartAppOptions, say: (line: string) => void): Promise<StartedApp> {
  const { args = [], networkFile, userData, env, onLine } = options;
  const standIn = async (reason: string): Promise<StartedApp> => {
    say(`${reason}: the wallet runs in the stand-in host (e2e/host/README.md).`);
    return { host: "stand-in", ...(await launchStandIn({ main: MAIN, ...options })) };
  };
  if (!hasDisplay(env)) return standIn("There is no display, so windows are headless");
  const electron = await findElectron(electronPlaces(CACHE), say);
  if (electron === undefined) return standIn("Electron's program cannot be had here");
  const running = await launch(
    electron,
    [
      ROOT,
      `--user-data-dir=${userData}`,
      `--remote-debugging-port=${env.TRIVET_DEVTOOLS_PORT ?? "0"}`,
      // Chromium refuses to sandbox its pages for root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...args,
    ],
    { devTools: /^DevTools listening on ws:\/\/(127\.0\.0\.1:\d+)\// },
    { env: { ...env, TRIVET_NETWORK: networkFile, TRIVET_USER_DATA: userData }, onLine },
  );
  return { host: "electron", ...running, devToolsUrl: `http://${running.devToolsUrl}` };
}
