// `npm run coverage:contracts`: which lines and branches of contracts/src the Solidity tests reach; fails below all.
//
// Lines are Hardhat's, which instruments the source and so is exact. It knows no branches: those are forge's, which
// reads them off the compiled code. Both run the same *.t.sol.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXCEPTIONS } from "../contract-coverage/exceptions.ts";
import { judge, table } from "../contract-coverage/judge.ts";
import type { FileCoverage } from "../contract-coverage/lcov.ts";
import { readLcov } from "../contract-coverage/lcov.ts";
import { ensureForge } from "../foundry/forge.ts";
import { commandScript } from "../setup/paths.mjs";
import { ROOT, runScript } from "./runner.ts";

const SOURCES = "contracts/src";
/** Where Hardhat always writes, below the project's folder. */
const HARDHAT_REPORT = join(ROOT, "coverage");
/** Tests that measure gas: instrumented or hardly optimised code costs more. */
const GAS_TESTS = "CostsLittleMore";
const FORGE_REPORT = join(ROOT, ".cache", "foundry", "lcov.info");

async function coveredLines(): Promise<Map<string, FileCoverage>> {
  rmSync(HARDHAT_REPORT, { recursive: true, force: true });
  const config = join("tools", "contract-coverage", "hardhat.config.ts");
  const args = ["--config", config, "--coverage", "test", "solidity", "--grep-exclude", GAS_TESTS];
  const { exitCode, output } = await runScript(commandScript("hardhat"), args);
  if (exitCode !== 0) throw new Error(`The tests fail with instrumented contracts:\n${output}`);
  const report = readLcov(readFileSync(join(HARDHAT_REPORT, "lcov.info"), "utf8"));
  rmSync(HARDHAT_REPORT, { recursive: true, force: true });
  return report;
}

async function coveredBranches(): Promise<Map<string, FileCoverage>> {
  const forge = await ensureForge();
  rmSync(FORGE_REPORT, { force: true });
  mkdirSync(dirname(FORGE_REPORT), { recursive: true });
  // Through the IR, as the product; hardly optimised, so that forge still finds the source in the code.
  const { exitCode, output } = await forge([
    "coverage",
    "--ir-minimum",
    `--no-match-test=${GAS_TESTS}`,
    "--report=lcov",
    `--report-file=${FORGE_REPORT}`,
  ]);
  // Where it cannot even compile, forge's launcher ends as if all were well.
  if (exitCode !== 0 || !existsSync(FORGE_REPORT)) throw new Error(`The tests fail under forge:\n${output}`);
  return readLcov(readFileSync(FORGE_REPORT, "utf8"));
}

const files = readdirSync(join(ROOT, SOURCES), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sol") && !name.endsWith(".t.sol"))
  .map((name) => `${SOURCES}/${name.replaceAll("\\", "/")}`)
  .sort();
const sourceLine = (file: string, line: number) =>
  readFileSync(join(ROOT, file), "utf8").split("\n")[line - 1] ?? "";

const lines = await coveredLines();
const branches = await coveredBranches();
const { rows, stale } = judge(files, lines, branches, EXCEPTIONS, sourceLine);

console.log(table(rows));
const missing = rows.flatMap((row) => row.missing);
for (const line of missing) console.log(line);
for (const { file, line } of stale) console.log(`${file}: the exception for "${line}" applies to nothing`);
const nothing = rows.every((row) => row.lines.found === 0 || row.branches.found === 0);
if (nothing) console.log("There is a report without figures: that counts as a failure.");
console.log(`coverage: ${missing.length} missing, ${EXCEPTIONS.length} exceptions`);
process.exitCode = missing.length + stale.length > 0 || nothing ? 1 : 0;
