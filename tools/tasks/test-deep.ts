// `npm run test:deep [-- runners]`: what takes long and is not part of `npm test`. Every runner in turn, and at the end
// the closing line of each.
import { join } from "node:path";
import { ROOT, runScript } from "./runner.ts";

/** Each runner's task: its last line says how it went, its exit code whether it did. */
const RUNNERS: Record<string, string> = {
  invariants: "solidity-deep.ts",
  smt: "smt.ts",
  coverage: "contract-coverage.ts",
  mutation: "mutate-contracts.ts",
  "security-mutation": "mutate-security.ts",
};
/** How often a runner that is still busy says so. */
const STILL_BUSY_MS = 60_000;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(RUNNERS, name));
if (unknown.length > 0) {
  console.error(`There is no runner "${unknown.join(", ")}". Runners: ${Object.keys(RUNNERS).join(", ")}.`);
  process.exit(2);
}

const closingLines: string[] = [];
let allPassed = true;
for (const [name, task] of Object.entries(RUNNERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`${name} …`);
  let saidAt = performance.now();
  const { exitCode, output, seconds } = await runScript(join(ROOT, "tools", "tasks", task), [], (line) => {
    if (performance.now() - saidAt < STILL_BUSY_MS) return;
    saidAt = performance.now();
    console.log(`  ${line.slice(0, 160)}`);
  });
  console.log(output);
  console.log(`  ${name} took ${seconds.toFixed(0)} s`);
  const lastLine = output.trimEnd().split("\n").at(-1) ?? "";
  closingLines.push(`${exitCode === 0 ? "passed" : "FAILED"}  ${lastLine === "" ? name : lastLine}`);
  allPassed &&= exitCode === 0;
}

console.log(`\n${allPassed ? "Everything passed" : "Something FAILED"}`);
for (const line of closingLines) console.log(line);
process.exitCode = allPassed ? 0 : 1;
