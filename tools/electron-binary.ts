import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";

/** How long a failed download keeps from trying again. */
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
/** How long the download may take; it is some 110 MB. */
const DOWNLOAD_LIMIT_MS = 120_000;

const zMemory = z.object({ version: z.string(), failedAt: z.number() });

/** Where things are; only tests give other places. */
export interface ElectronPlaces {
  /** The folder of the npm package `electron`. */
  readonly packageFolder: string;
  /** Remembers a failed download. */
  readonly memoryFile: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs the package's own download; resolves whatever comes of it. */
  readonly download: (packageFolder: string) => Promise<void>;
}

/**
 * The path of Electron's program, downloaded by its own package if it is not there.
 *
 * @param say gets a line before a download
 * @returns undefined when it cannot be had; a failed download is tried again after a day or for another version
 */
export async function findElectron(
  places: ElectronPlaces,
  say: (line: string) => void,
): Promise<string | undefined> {
  const present = installedElectron(places.packageFolder);
  if (present !== undefined || failedLately(places)) return present;
  say("Downloading Electron's program, once …");
  await places.download(places.packageFolder);
  const installed = installedElectron(places.packageFolder);
  if (installed === undefined) {
    const memory = { version: versionOf(places.packageFolder), failedAt: places.now() };
    mkdirSync(path.dirname(places.memoryFile), { recursive: true });
    writeFileSync(places.memoryFile, JSON.stringify(memory));
  }
  return installed;
}

/** The places of this project. */
export function electronPlaces(cacheFolder: string): ElectronPlaces {
  const manifest = createRequire(import.meta.url).resolve("electron/package.json");
  return {
    packageFolder: path.dirname(manifest),
    memoryFile: path.join(cacheFolder, "electron-download.json"),
    now: Date.now,
    download: runInstaller,
  };
}

/** What the package's own `index.js` answers, without its download. */
function installedElectron(packageFolder: string): string | undefined {
  const pathFile = path.join(packageFolder, "path.txt");
  if (!existsSync(pathFile)) return undefined;
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(packageFolder, "dist");
  const program = path.join(folder, readFileSync(pathFile, "utf8"));
  return existsSync(program) ? program : undefined;
}

function failedLately({ packageFolder, memoryFile, now }: ElectronPlaces): boolean {
  if (!existsSync(memoryFile)) return false;
  const memory = zMemory.parse(JSON.parse(readFileSync(memoryFile, "utf8")));
  return memory.version === versionOf(packageFolder) && now() - memory.failedAt < RETRY_AFTER_MS;
}

function versionOf(packageFolder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(manifest).version;
}

function runInstaller(packageFolder: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(packageFolder, "install.js")], {
      stdio: "ignore",
      timeout: DOWNLOAD_LIMIT_MS,
      killSignal: "SIGKILL",
    });
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
}
