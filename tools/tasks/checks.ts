import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandScript } from "../setup/paths.mjs";
import type { Outcome } from "./runner.ts";
import { ROOT, runScript } from "./runner.ts";

const LAYERS = [
  "core",
  "contracts",
  "lit-actions",
  "electron",
  "renderer",
  "devnet",
  "e2e",
  "bench",
  "wargames",
  "tools",
];
/** Two cores are what the smallest machine has. */
const AT_ONCE = 2;

interface Check {
  name: string;
  script: () => string;
  args: string[];
}

/** What `npm run check` demands, the long ones first. */
const CHECKS: Check[] = [
  { name: "lint", script: () => commandScript("eslint"), args: [".", "--max-warnings", "0"] },
  {
    name: "types-node",
    script: () => commandScript("typescript", "tsc"),
    args: ["-p", "tsconfig.node.json"],
  },
  { name: "types-web", script: () => commandScript("vue-tsc"), args: ["-p", "tsconfig.web.json"] },
  {
    name: "types-core",
    script: () => commandScript("typescript", "tsc"),
    args: ["-p", "tsconfig.core.json"],
  },
  {
    name: "format",
    script: () => commandScript("prettier"),
    args: ["--check", "--cache", "--cache-location", ".cache/prettier", "."],
  },
  {
    name: "layers",
    script: () => commandScript("dependency-cruiser", "depcruise"),
    args: ["--config", ".dependency-cruiser.mjs", ...LAYERS.filter((layer) => existsSync(join(ROOT, layer)))],
  },
  {
    name: "solidity-lint",
    script: () => commandScript("solhint"),
    args: [
      "contracts/src/**/*.sol",
      "contracts/devnet/**/*.sol",
      "bench/gas/contracts/**/*.sol",
      "--max-warnings",
      "0",
      "--disc",
      "--noPoster",
    ],
  },
];

export const CHECK_NAMES = CHECKS.map(({ name }) => name);

export interface CheckResult extends Outcome {
  name: string;
}

/** Runs the named checks, two at a time, and reports each as it ends. */
export async function runChecks(
  names: string[],
  onResult: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const waiting = CHECKS.filter(({ name }) => names.includes(name));
  const results: CheckResult[] = [];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = { name: check.name, ...(await runScript(check.script(), check.args)) };
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
