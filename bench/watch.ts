// `npm run bench:watch [-- --json --runs N --accounts 1,10,100,1000]`: what the watcher costs per block and per account, on
// a chain of its own in this process.
import { parseArgs } from "node:util";
import { measureWatching, type WatchCost } from "./watch/measure.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, runs: { type: "string" }, accounts: { type: "string" } },
});
const runs = Number(values.runs ?? 20);
const sizes = (values.accounts ?? "1,10,100,1000").split(",").map(Number);
if (![runs, ...sizes].every((number) => Number.isInteger(number) && number > 0)) {
  console.error("--runs N and --accounts N,N,… are whole numbers above zero.");
  process.exit(2);
}

const costs = await measureWatching(sizes, runs, (line) => {
  console.error(line);
});

const COLUMNS: readonly [name: string, value: (cost: WatchCost) => string][] = [
  ["accounts", ({ accounts }) => String(accounts)],
  ["first look ms", ({ firstLookMs }) => String(firstLookMs)],
  ["quiet block p50", ({ quietBlockMs }) => quietBlockMs.p50.toFixed(1)],
  ["p95", ({ quietBlockMs }) => quietBlockMs.p95.toFixed(1)],
  ["µs per account", ({ quietMicrosecondsPerAccount }) => String(quietMicrosecondsPerAccount)],
  ["alert block p50", ({ alertBlockMs }) => alertBlockMs.p50.toFixed(1)],
  ["p95", ({ alertBlockMs }) => alertBlockMs.p95.toFixed(1)],
  ["requests", ({ requestsPerBlock }) => requestsPerBlock.toFixed(1)],
  ["state kB", ({ stateBytes }) => (stateBytes / 1000).toFixed(1)],
];

if (values.json) console.log(JSON.stringify(costs));
else {
  const width = (name: string) => Math.max(name.length, 6) + 2;
  console.log(COLUMNS.map(([name]) => name.padStart(width(name))).join(""));
  for (const cost of costs) {
    console.log(COLUMNS.map(([name, value]) => value(cost).padStart(width(name))).join(""));
  }
}
