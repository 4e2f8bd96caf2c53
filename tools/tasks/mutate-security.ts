// `npm run mutate:security [-- rules explorer .]`: breaks core/security in small ways, one at a time, and sees whether a
// test notices. Goes folder by folder, by default all; fails where less than 90 % is noticed.
import { commandScript } from "../setup/paths.mjs";
import { runScript } from "./runner.ts";

const CONFIG = "tools/security-tests/stryker.config.json";
const FOLDERS = [".", "rules", "explorer"];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !FOLDERS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no folder "${unknown.join(", ")}". Folders: ${FOLDERS.join(", ")}.`);
  process.exit(2);
}

for (const name of wanted.length > 0 ? wanted : FOLDERS) {
  const folder = name === "." ? "core/security" : `core/security/${name}`;
  process.env.TRIVET_MUTATED_FOLDER = folder;
  const mutate = `${folder}/*.ts,!${folder}/*.test.ts`;
  const stryker = commandScript("@stryker-mutator/core", "stryker");
  const { exitCode } = await runScript(stryker, ["run", CONFIG, "--mutate", mutate], (line) => {
    console.log(line);
  });
  if (exitCode !== 0) process.exitCode = 1;
}
