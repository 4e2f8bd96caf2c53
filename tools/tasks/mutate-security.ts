// `npm run mutate:security [-- rules explorer .]`: breaks core/security in small ways, one at a time, and sees whether a
// test notices. Goes folder by folder, by default all; fails where less than 90 % of a folder's mutants are noticed.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  type FileResult,
  mutationLine,
  mutationTable,
  readMutationReport,
} from "#tools/security-tests/report.ts";
import { commandScript } from "../setup/paths.mjs";
import { ROOT, runScript } from "./runner.ts";

const CONFIG = "tools/security-tests/stryker.config.json";
/** Where the config has it. */
const REPORT = join(ROOT, ".cache", "security-mutation", "report.json");
const FOLDERS = [".", "rules", "explorer"];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !FOLDERS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no folder "${unknown.join(", ")}". Folders: ${FOLDERS.join(", ")}.`);
  process.exit(2);
}

const results: FileResult[] = [];
for (const name of wanted.length > 0 ? wanted : FOLDERS) {
  const folder = name === "." ? "core/security" : `core/security/${name}`;
  process.env.TRIVET_MUTATED_FOLDER = folder;
  const mutate = `${folder}/*.ts,!${folder}/*.test.ts`;
  const stryker = commandScript("@stryker-mutator/core", "stryker");
  rmSync(REPORT, { force: true });
  const { exitCode } = await runScript(stryker, ["run", CONFIG, "--mutate", mutate], (line) => {
    console.log(line);
  });
  if (exitCode !== 0) process.exitCode = 1;
  results.push(...readMutationReport(JSON.parse(readFileSync(REPORT, "utf8"))));
}

for (const { file, line, mutator, code, replacement } of results.flatMap(({ survivors }) => survivors)) {
  console.log(`\n${file}:${line} survived: ${mutator}\n  ${code}\n  … ${replacement}`);
}
console.log(`\n${mutationTable(results)}\n`);
console.log(mutationLine(results));
