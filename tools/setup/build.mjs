import { existsSync } from "node:fs";
import { join } from "node:path";
import { step } from "./messages.mjs";
import { CACHE, ROOT, commandScript } from "./paths.mjs";
import { runQuietly } from "./run-command.mjs";
import { hashOf, isStamped, stamp } from "./stamp.mjs";

/**
 * What is built, from what, and how one sees that it is there. A step runs again when one of its inputs or
 * the lockfile changed, or its outcome is gone.
 */
const BUILDS = {
  contracts: {
    what: "compiling contracts",
    hint: "under a minute",
    inputs: ["contracts", "hardhat.config.ts"],
    outcome: "contracts/artifacts",
    command: () => [commandScript("hardhat"), "build", "--no-tests", "--quiet"],
  },
  peers: {
    what: "compiling the accounts ours is compared with",
    hint: "under a minute",
    inputs: ["bench/gas/contracts", "bench/gas/hardhat.config.ts", "hardhat.config.ts"],
    outcome: ".cache/bench-gas/artifacts",
    command: () => [
      commandScript("hardhat"),
      "--config",
      "bench/gas/hardhat.config.ts",
      "build",
      "--no-tests",
      "--quiet",
    ],
  },
  app: {
    what: "building the wallet",
    hint: "under a minute",
    inputs: ["core", "contracts/abi.ts", "electron", "lit-actions", "renderer", "electron.vite.config.ts"],
    outcome: "out/main/index.js",
    command: () => [commandScript("electron-vite"), "build", "--logLevel", "warn"],
  },
};

/**
 * @param {keyof typeof BUILDS} name
 * @param {{ node: string, env: NodeJS.ProcessEnv }} runtime
 */
export async function ensureBuilt(name, { node, env }) {
  const { what, hint, inputs, outcome, command } = BUILDS[name];
  const stampFile = join(CACHE, `${name}.stamp`);
  const hash = hashOf([...inputs, "package-lock.json"]);
  if (existsSync(join(ROOT, outcome)) && isStamped(stampFile, hash)) return;
  await step(what, hint, () => runQuietly(what, node, command(), { env }));
  stamp(stampFile, hash);
}
