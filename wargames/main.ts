// `npm run wargames [-- --json] [--only WORD]`: every scenario against the complete system. Ends with 1 when a game goes
// otherwise than the explorer says, or than the design promises.
import { parseArgs } from "node:util";
import { isGood, playAll } from "./run.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { rowsTable } from "./table.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });
const { json = false, only = "" } = values;

// Libraries that chat do so on the other stream: with --json, this one is for the document alone.
const print = console.log;
console.log = console.info = console.debug = console.warn = () => undefined;

const chosen = SCENARIOS.filter(({ name }) => name.includes(only));
const rows = await playAll(chosen, ({ scenario, configuration, explorerAgrees }) => {
  if (!json) process.stderr.write(`${explorerAgrees ? "." : "!"} ${scenario} (${configuration})\n`);
});
print(json ? JSON.stringify(rows, null, 2) : rowsTable(rows));
process.exitCode = rows.every(isGood) ? 0 : 1;
