import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./messages.mjs";
import { CACHE } from "./paths.mjs";

const LOCK = join(CACHE, "lock");

/**
 * Does set-up work alone: two commands started at once must not both install packages.
 *
 * @template Result
 * @param {() => Promise<Result>} work
 */
export async function alone(work) {
  mkdirSync(CACHE, { recursive: true });
  for (let waited = false; !take(); waited = true) {
    if (!waited) say("waiting for another trivet command to finish its set-up …");
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isAlive(readOwner())) rmSync(LOCK, { force: true });
    return false;
  }
}

function readOwner() {
  try {
    return Number(readFileSync(LOCK, "utf8"));
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
