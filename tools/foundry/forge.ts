import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNpm } from "../setup/npm.mjs";
import type { Outcome } from "../tasks/runner.ts";
import { runScript } from "../tasks/runner.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const SCRIPT = join(FOLDER, "node_modules", "@foundry-rs", "forge", "bin.mjs");

/**
 * Installs forge from npm, once.
 *
 * @returns runs it with the project's settings
 */
export async function ensureForge(): Promise<(args: string[]) => Promise<Outcome>> {
  if (!existsSync(SCRIPT)) {
    const options = { node: process.execPath, env: process.env, cwd: FOLDER };
    // Without a lockfile: npm has not all platforms' binaries, and a lockfile that lacks some is refused elsewhere.
    await runNpm("installing forge", ["install", "--no-package-lock"], options);
  }
  process.env.FOUNDRY_CONFIG = join(FOLDER, "foundry.toml");
  return (args) => runScript(SCRIPT, args);
}
