// The Solidity tests with far more fuzz runs and longer, more numerous invariant runs; see hardhat.config.ts.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closingLine, countSolidity } from "./reports.ts";
import { ROOT, runScript } from "./runner.ts";

const REPORTS = join(ROOT, ".cache", "reports");
const report = join(REPORTS, "solidity-deep.json");

mkdirSync(REPORTS, { recursive: true });
rmSync(report, { force: true });
process.env.TRIVET_DEEP = "1";
const { exitCode, output } = await runScript(join(ROOT, "tools", "tasks", "solidity.ts"), [report]);
if (exitCode !== 0) console.log(output);
console.log(closingLine("invariants and fuzz", countSolidity(JSON.parse(readFileSync(report, "utf8")))));
process.exitCode = exitCode;
