import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { SetupError, say, step } from "./messages.mjs";
import { runQuietly } from "./run-command.mjs";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
const APPLICATIONS = {
  darwin: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/**
 * Chromium or a browser made from it: the one TRIVET_CHROMIUM names, else one that is installed.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} its path
 */
export function findChromium(env = process.env) {
  const named = env.TRIVET_CHROMIUM;
  const inPath = (env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => COMMANDS.map((command) => ({ command, path: join(folder, command) })))
    .sort((a, b) => COMMANDS.indexOf(a.command) - COMMANDS.indexOf(b.command))
    .map(({ path }) => path);
  const candidates = named !== undefined ? [named] : [...inPath, ...(APPLICATIONS[process.platform] ?? [])];
  return candidates.find(isExecutable);
}

/**
 * Chromium for the windows of the stand-in host and for the tests: found, or installed from the system's
 * packages where that is permitted.
 *
 * @throws {SetupError} with the one line that says what to install
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.env.TRIVET_CHROMIUM !== undefined) {
    throw new SetupError(`TRIVET_CHROMIUM names ${process.env.TRIVET_CHROMIUM}, which cannot be run.`);
  }
  const install = systemInstaller();
  if (install === undefined) throw new SetupError(`Chromium is missing. ${advice()}`);
  await step("installing Chromium from the system's packages", "once", () => installWith(install));
  const installed = findChromium();
  if (installed === undefined) throw new SetupError(`Chromium is still missing. ${advice()}`);
  return installed;
}

/** How to run apt-get as root, if there is a way without a password. */
function systemInstaller() {
  if (process.platform !== "linux" || !succeeds("apt-get", ["--version"])) return undefined;
  if (process.getuid?.() === 0) return ["apt-get"];
  return succeeds("sudo", ["-n", "true"]) ? ["sudo", "-n", "apt-get"] : undefined;
}

async function installWith([command, ...prefix]) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => runQuietly("installing Chromium", command, [...prefix, ...args], { env });
  const install = () => apt("install", "-y", "--no-install-recommends", "chromium");
  try {
    await install();
  } catch {
    say("the system's list of packages is out of date, reading it again …");
    await apt("update");
    await install();
  }
}

function advice() {
  if (process.platform === "linux") {
    return "Install it with your package manager, for example: sudo apt-get install -y chromium";
  }
  return "Install Chromium, Chrome or Edge, or name one with TRIVET_CHROMIUM=/path/to/it.";
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
