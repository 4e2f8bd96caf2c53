// `npm run bench:gas`: what every flow costs with our account and with others, measured on one chain in one run.
// With --json it prints one JSON document, a list of { flow, account, totalGas, note }, and nothing else.
import { parseArgs } from "node:util";
import { hardfork, measureOnce } from "./gas/measure.ts";
import { formatTable } from "./gas/table.ts";
import { TRIVET } from "./gas/trivet.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const rows = await measureOnce();
if (values.json) console.log(JSON.stringify(rows, null, 2));
else {
  console.log(`Gas of the whole transaction (${hardfork()}, steady state); xN: N times ours.\n`);
  console.log(formatTable(rows, TRIVET));
}
