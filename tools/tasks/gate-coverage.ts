// `npm run coverage:gate`: which lines and branches of the gate its tests reach; fails below all. Coverage sees this
// process only, so that the tests of the sandbox run the gate's source in it.
import { commandScript } from "../setup/paths.mjs";
import { runScript } from "./runner.ts";

process.env.TRIVET_GATE_IN_PROCESS = "1";

const THRESHOLDS = ["lines", "branches", "functions", "statements"].map(
  (what) => `--coverage.thresholds.${what}=100`,
);

const { exitCode, output } = await runScript(commandScript("vitest"), [
  "run",
  "lit-actions/gate",
  "lit-actions/sandbox",
  "--coverage",
  "--coverage.include=lit-actions/gate/**/*.ts",
  "--coverage.exclude=**/*.test.ts",
  "--coverage.reporter=text",
  ...THRESHOLDS,
]);
console.log(output);
process.exitCode = exitCode;
