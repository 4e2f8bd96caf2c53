import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./messages.mjs";
import { runNpm } from "./npm.mjs";
import { ROOT } from "./paths.mjs";
import { hashOf, isStamped, stamp } from "./stamp.mjs";

const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".trivet-stamp");

/**
 * Installs exactly what package-lock.json names, unless it is there already.
 *
 * @param {{ node: string, env: NodeJS.ProcessEnv }} runtime
 */
export async function ensurePackages(runtime) {
  const hash = hashOf(["package.json", "package-lock.json", ".npmrc"], `${process.platform}-${process.arch}`);
  if (isStamped(STAMP, hash)) return;
  if (!isInstalled()) {
    await step("installing packages", "a minute or two, once", () =>
      runNpm("installing packages", ["ci"], runtime),
    );
  }
  stamp(STAMP, hash);
}

function isInstalled() {
  const installed = join(MODULES, ".package-lock.json");
  if (!existsSync(installed)) return false;
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  return holdsEverything(read(join(ROOT, "package-lock.json")), read(installed), thisPlatform());
}

/**
 * Whether what npm installed is what the lockfile names. Asked of npm's own record, because an install by an
 * older Node "succeeds" while it leaves out native packages that this Node needs.
 *
 * @param {Record<string, LockEntry>} locked the lockfile's packages
 * @param {Record<string, LockEntry>} installed those of node_modules/.package-lock.json
 * @param {{ os: string, cpu: string, libc: string | undefined }} platform
 *
 * @typedef {{ version?: string, integrity?: string, optional?: boolean,
 *             os?: string[], cpu?: string[], libc?: string[] }} LockEntry
 */
export function holdsEverything(locked, installed, platform) {
  return Object.entries(locked).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true && !isFor(entry, platform);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Whether an optional package is one of this platform's native parts. */
function isFor({ os, cpu, libc }, platform) {
  if (os === undefined) return false;
  return (
    os.includes(platform.os) &&
    (cpu === undefined || cpu.includes(platform.cpu)) &&
    (libc === undefined || platform.libc === undefined || libc.includes(platform.libc))
  );
}

function thisPlatform() {
  const { header } = process.report.getReport();
  const libc = process.platform !== "linux" ? undefined : header.glibcVersionRuntime ? "glibc" : "musl";
  return { os: process.platform, cpu: process.arch, libc };
}
