// "Is this still up to date?": a stamp is the hash of everything a step was made from.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { ROOT } from "./paths.mjs";

const NEVER_INPUTS = new Set(["node_modules", "artifacts", "cache", "out", "state"]);
const TEST = /\.test\.ts$/;

/**
 * A hash over names and contents of files and folders (tests aside), the same on every machine.
 *
 * @param {string[]} inputs paths inside the project; one that does not exist counts as absent
 * @param {string} [extra] whatever else decides the outcome
 * @param {string} [root] the project's folder
 */
export function hashOf(inputs, extra = "", root = ROOT) {
  const hash = createHash("sha256").update(extra);
  for (const input of inputs) {
    for (const file of filesUnder(join(root, input))) {
      hash.update(`\0${relative(root, file).split(sep).join("/")}\0`).update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} the files, in a fixed order */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (NEVER_INPUTS.has(entry.name) || TEST.test(entry.name)) return [];
      return filesUnder(join(path, entry.name));
    });
}

/** @param {string} file @param {string} hash */
export function isStamped(file, hash) {
  return existsSync(file) && readFileSync(file, "utf8") === hash;
}

/** @param {string} file @param {string} hash */
export function stamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}
