import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Interrupted, SetupError } from "./messages.mjs";
import { LOGS, ROOT } from "./paths.mjs";

/** Known reasons for a failed step, by what the tool wrote, and the sentence for each. */
const REASONS = [
  [/ENOSPC|no space left on device/i, "the disk is full. Free some space and run the same command again."],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|Could not resolve|Temporary failure resolving/,
    "the network cannot be reached. Check the connection (and proxy settings) and run the same command again.",
  ],
  [
    /EACCES|EPERM|EROFS|read-only file system/i,
    "a file cannot be written. The project's folder must be yours.",
  ],
  [/EINTEGRITY/, "a package does not match its recorded hash. Nothing was installed; try another network."],
];

/**
 * Runs a set-up command quietly; everything it writes goes to a log.
 *
 * @param {string} what "installing packages"
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, shell?: boolean }} [options]
 * @throws {SetupError} one sentence on why it failed, and where the log is
 * @throws {Interrupted}
 */
export async function runQuietly(what, command, args, { env = process.env, cwd = ROOT, shell = false } = {}) {
  mkdirSync(LOGS, { recursive: true });
  const logFile = join(LOGS, `${what.replace(/[^a-z]+/gi, "-")}.log`);
  const log = createWriteStream(logFile);
  let tail = "";
  const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
  const signals = passSignalsTo(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      log.write(chunk);
      tail = (tail + chunk).slice(-20_000);
    });
  }
  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      tail += error.message;
      resolve(error.code === "ENOENT" ? "missing" : "failed");
    });
    child.once("close", resolve);
  });
  signals.stop();
  await new Promise((resolve) => log.end(resolve));
  if (code === 0) return;
  if (signals.came()) throw new Interrupted();
  if (code === "missing") throw new SetupError(`${what} failed: the program "${command}" is not installed.`);
  throw new SetupError(`${what} failed: ${reasonFor(tail)} (log: ${logFile})`);
}

/** @param {string} output what a failed command wrote @returns {string} why, in a sentence */
export function reasonFor(output) {
  for (const [pattern, reason] of REASONS) {
    if (pattern.test(output)) return reason;
  }
  const lines = output.split("\n").map((line) => line.trim());
  return `${lines.findLast((line) => line !== "" && !line.startsWith("npm notice")) ?? "it gave no reason."}`;
}

/**
 * Runs the task itself with our own input and output, and ends as it ends.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export async function runTask(command, args, env) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio: "inherit" });
  const signals = passSignalsTo(child);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => resolve(status ?? (signal === "SIGINT" ? 130 : 143)));
  });
  signals.stop();
  return code;
}

/**
 * Passes the signals that end us on to a child, and outlives it. Ctrl-C in a terminal reaches the child by
 * itself; a signal sent to us alone does not.
 */
function passSignalsTo(child) {
  let came = false;
  const pass = (signal) => {
    came = true;
    const isByTerminal = signal === "SIGINT" && process.stdin.isTTY;
    if (!isByTerminal && child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  const names = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of names) process.on(name, pass);
  return {
    came: () => came,
    stop: () => {
      for (const name of names) process.off(name, pass);
    },
  };
}
