import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** What set-up remembers and logs; may be deleted at any time. */
export const CACHE = join(ROOT, ".cache", "setup");
export const LOGS = join(ROOT, ".cache", "logs");

/**
 * The script behind a package's command, to be run with Node itself: the shims in node_modules/.bin differ
 * between systems.
 *
 * @param {string} packageName "eslint"
 * @param {string} [command] the command's name where it is not the package's
 */
export function commandScript(packageName, command = packageName) {
  const folder = join(ROOT, "node_modules", ...packageName.split("/"));
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}
