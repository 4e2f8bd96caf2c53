// `npm run check [-- names]`: types, lint, formatting, layers.
import { CHECK_NAMES, runChecks } from "./checks.ts";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !CHECK_NAMES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no check "${unknown.join(", ")}". Checks: ${CHECK_NAMES.join(", ")}.`);
  process.exit(2);
}
const results = await runChecks(
  wanted.length > 0 ? wanted : CHECK_NAMES,
  ({ name, exitCode, output, seconds }) => {
    console.log(`${exitCode === 0 ? "passed" : "FAILED"}  ${name} (${seconds.toFixed(1)} s)`);
    if (exitCode !== 0) console.log(output);
  },
);
process.exitCode = results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
