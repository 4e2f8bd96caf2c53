// `npm test [-- runners]`: every runner in turn, quiet while it goes well, and at the end one line for each
// with the counts of its own report.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { commandScript } from "../setup/paths.mjs";
import { CHECK_NAMES, runChecks } from "./checks.ts";
import type { Counts } from "./reports.ts";
import { closingLine, countPlaywright, countSolidity, countVitest } from "./reports.ts";
import type { Outcome } from "./runner.ts";
import { ROOT, runScript } from "./runner.ts";

/** How often a runner that is still busy says so where lines cannot be overwritten. */
const STILL_BUSY_MS = 20_000;
/** Whose every line and branch the tests must reach; the contracts' own takes long and is in `npm run test:deep`. */
const COVERAGE_TASKS = ["security-coverage.ts", "gate-coverage.ts"];
const REPORTS = join(ROOT, ".cache", "reports");

interface RunnerResult {
  counts: Counts;
  /** All it wrote, shown when something failed. */
  output: string;
  exitCode: number;
}

type Runner = (onLine: (line: string) => void) => Promise<RunnerResult>;

const RUNNERS: Record<string, Runner> = {
  check: async (onLine) => {
    const results = await runChecks(CHECK_NAMES, ({ name, exitCode }) =>
      onLine(`${name} ${exitCode === 0 ? "passed" : "failed"}`),
    );
    const failed = results.filter(({ exitCode }) => exitCode !== 0);
    return {
      counts: { passed: results.length - failed.length, failed: failed.length, skipped: 0 },
      output: failed.map(({ name, output }) => `── ${name}\n${output}`).join("\n"),
      exitCode: failed.length > 0 ? 1 : 0,
    };
  },
  solidity: async (onLine) => {
    const report = reportFile("solidity");
    const outcome = await runScript(join(ROOT, "tools/tasks/solidity.ts"), [report], onLine);
    return withCounts(outcome, report, countSolidity);
  },
  vitest: async (onLine) => {
    const report = reportFile("vitest");
    const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const outcome = await runScript(commandScript("vitest"), args, onLine);
    return withCounts(outcome, report, countVitest);
  },
  coverage: async (onLine) => {
    const failures: string[] = [];
    for (const task of COVERAGE_TASKS) {
      const { exitCode, output } = await runScript(join(ROOT, "tools/tasks", task), [], onLine);
      if (exitCode !== 0) failures.push(output);
    }
    return {
      counts: { passed: COVERAGE_TASKS.length - failures.length, failed: failures.length, skipped: 0 },
      output: failures.join("\n"),
      exitCode: failures.length > 0 ? 1 : 0,
    };
  },
  e2e: async (onLine) => {
    // Written by playwright.config.ts.
    const report = join(ROOT, "e2e", "results", "results.json");
    rmSync(report, { force: true });
    const outcome = await runScript(commandScript("@playwright/test", "playwright"), ["test"], onLine);
    return withCounts(outcome, report, countPlaywright);
  },
};

function reportFile(name: string): string {
  const file = join(REPORTS, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

function withCounts(outcome: Outcome, report: string, count: (report: unknown) => Counts): RunnerResult {
  try {
    return { ...outcome, counts: count(JSON.parse(readFileSync(report, "utf8"))) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const output = `${outcome.output}\nThere is no report of this run: ${reason}`;
    return { output, exitCode: outcome.exitCode || 1, counts: { passed: 0, failed: 0, skipped: 0 } };
  }
}

/** Shows what a runner is busy with: on a terminal in one line, elsewhere now and then. */
function createProgress(name: string) {
  const started = performance.now();
  let saidAt = started;
  return {
    line: (text: string) => {
      const now = performance.now();
      const progress = `${name}: ${((now - started) / 1000).toFixed(0)} s  ${text}`;
      if (process.stdout.isTTY) {
        process.stdout.write(`\r\x1b[2K${progress.slice(0, process.stdout.columns - 1)}`);
      } else if (now - saidAt > STILL_BUSY_MS) {
        saidAt = now;
        console.log(`  ${progress.slice(0, 160)}`);
      }
    },
    end: () => {
      if (process.stdout.isTTY) process.stdout.write("\r\x1b[2K");
      return ((performance.now() - started) / 1000).toFixed(1);
    },
  };
}

/** The last lines a runner wrote: its own closing words. */
function lastWords(output: string, lines: number): string {
  const written = output.split("\n").filter((line) => line.trim() !== "");
  return written
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join("\n");
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(RUNNERS, name));
if (unknown.length > 0) {
  console.error(`There is no runner "${unknown.join(", ")}". Runners: ${Object.keys(RUNNERS).join(", ")}.`);
  process.exit(2);
}
mkdirSync(REPORTS, { recursive: true });

const started = performance.now();
const closingLines: string[] = [];
let allPassed = true;
for (const [name, run] of Object.entries(RUNNERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`${name} …`);
  const progress = createProgress(name);
  const { counts, output, exitCode } = await run(progress.line);
  const seconds = progress.end();
  const passed = exitCode === 0 && counts.failed === 0 && counts.passed > 0;
  if (!passed) console.log(output);
  else if (output !== "") console.log(lastWords(output, 4));
  if (exitCode === 0 && counts.passed === 0) console.log(`  ${name} ran no test: that counts as a failure.`);
  console.log(`  ${name} took ${seconds} s`);
  closingLines.push(closingLine(name, counts));
  allPassed &&= passed;
}

console.log(
  `\n${allPassed ? "Everything passed" : "Something FAILED"} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
for (const line of closingLines) console.log(line);
process.exitCode = allPassed ? 0 : 1;
