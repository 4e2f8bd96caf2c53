// Behind every script of package.json: `node tools/run.mjs <task> [arguments]`. Runs on Node 20 with nothing
// installed; makes sure that what the task needs is there, then runs the task on a newer Node.
import { join } from "node:path";
import { ensureBuilt } from "./setup/build.mjs";
import { ensureChromium } from "./setup/chromium.mjs";
import { alone } from "./setup/lock.mjs";
import { Interrupted, SetupError, say } from "./setup/messages.mjs";
import { ensureNode } from "./setup/node.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { ROOT, commandScript } from "./setup/paths.mjs";
import { runTask } from "./setup/run-command.mjs";

/**
 * What each task needs built, whether it opens windows, and the script it runs.
 *
 * @type {Record<string, { builds?: ("contracts" | "peers" | "app")[], windows?: boolean, run?: () => string[] }>}
 */
const TASKS = {
  start: { builds: ["contracts", "app"], windows: true, run: () => [join(ROOT, "tools/tasks/start.ts")] },
  test: {
    builds: ["contracts", "peers", "app"],
    windows: true,
    run: () => [join(ROOT, "tools/tasks/test.ts")],
  },
  check: { run: () => [join(ROOT, "tools/tasks/check.ts")] },
  build: { builds: ["contracts", "app"] },
  e2e: {
    builds: ["contracts", "app"],
    windows: true,
    run: () => [commandScript("@playwright/test", "playwright"), "test"],
  },
  devnet: { builds: ["contracts"], run: () => [join(ROOT, "devnet/main.ts")] },
  "devnet:ledger": { run: () => [join(ROOT, "devnet/ledger/main.ts")] },
  "test:deep": { builds: ["contracts"], run: () => [join(ROOT, "tools/tasks/test-deep.ts")] },
  "coverage:contracts": {
    builds: ["contracts"],
    run: () => [join(ROOT, "tools/tasks/contract-coverage.ts")],
  },
  smt: { run: () => [join(ROOT, "tools/tasks/smt.ts")] },
  explorer: { run: () => [join(ROOT, "tools/tasks/explorer.ts")] },
  "coverage:security": { run: () => [join(ROOT, "tools/tasks/security-coverage.ts")] },
  "mutate:security": { run: () => [join(ROOT, "tools/tasks/mutate-security.ts")] },
  "mutate:contracts": { run: () => [join(ROOT, "tools/tasks/mutate-contracts.ts")] },
  wargames: { builds: ["contracts"], run: () => [join(ROOT, "wargames/main.ts")] },
  "coverage:gate": { builds: ["contracts"], run: () => [join(ROOT, "tools/tasks/gate-coverage.ts")] },
  "bench:gas": { builds: ["contracts", "peers"], run: () => [join(ROOT, "bench/gas.ts")] },
  watch: { run: () => [join(ROOT, "tools/tasks/watch.ts")] },
  "bench:watch": { builds: ["contracts"], run: () => [join(ROOT, "bench/watch.ts")] },
  "bench:sign": { builds: ["contracts"], run: () => [join(ROOT, "bench/sign.ts")] },
  format: { run: () => [commandScript("prettier"), "--write", "--log-level", "warn", "."] },
};

async function main([name, ...args]) {
  const task = Object.hasOwn(TASKS, name ?? "") ? TASKS[name] : undefined;
  if (task === undefined) {
    throw new SetupError(`there is no task "${name ?? ""}". Tasks: ${Object.keys(TASKS).join(", ")}.`);
  }
  const { runtime, env } = await alone(async () => {
    const runtime = await ensureNode();
    await ensurePackages(runtime);
    for (const build of task.builds ?? []) await ensureBuilt(build, runtime);
    const chromium = task.windows ? { TRIVET_CHROMIUM: await ensureChromium() } : {};
    return { runtime, env: { ...runtime.env, ...chromium } };
  });
  return task.run === undefined ? 0 : runTask(runtime.node, [...task.run(), ...args], env);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Interrupted) process.exitCode = 130;
  else if (error instanceof SetupError) {
    say(error.message);
    process.exitCode = 1;
  } else throw error;
}
