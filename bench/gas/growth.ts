// `node bench/gas/growth.ts`: measures everything and writes docs/gas.md with its pictures anew.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { World } from "#contracts/testing/world.ts";
import { breakDownTransaction } from "./breakdown.ts";
import { FLOW_NAMES, type MeasuredRow } from "./flows.ts";
import { type Comparison, documentFiles } from "./growth/document.ts";
import { COUNTS, measureGrowth } from "./growth/measure-growth.ts";
import { hardfork, measureAll } from "./measure.ts";
import { floor } from "./peers/floor.ts";
import { TRIVET } from "./trivet.ts";

/** Where the gas goes in every flow that the floor has, too. */
async function compareWithFloor({ chain, contracts }: World, rows: readonly MeasuredRow[]) {
  const find = (flow: string, account: string) =>
    rows.find((row) => row.flow === flow && row.account === account)?.transaction;
  const comparisons: Comparison[] = [];
  for (const flow of FLOW_NAMES) {
    const [ours, least] = [find(flow, TRIVET), find(flow, floor.name)];
    if (ours === undefined || least === undefined) continue;
    comparisons.push({
      flow,
      ours: await breakDownTransaction(chain, ours, [contracts.tusd]),
      floor: await breakDownTransaction(chain, least, [contracts.tusd]),
    });
  }
  return comparisons;
}

const world = await World.start();
const rows = await measureAll(world);
const comparisons = await compareWithFloor(world, rows);
await world.stop();
const charts = await measureGrowth(COUNTS);

const files = documentFiles({
  hardfork: hardfork(),
  ours: TRIVET,
  floor: floor.name,
  rows,
  comparisons,
  charts,
});
for (const [name, text] of files) {
  const file = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
  const isMarkdown = name.endsWith(".md");
  await mkdir(dirname(file), { recursive: true });
  const formatted = isMarkdown
    ? await format(text, { ...(await resolveConfig(file)), filepath: file })
    : text;
  await writeFile(file, formatted);
  console.log(`docs/${name}`);
}
