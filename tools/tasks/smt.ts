// `npm run smt [-- words]`: proves what contracts/smt states about the contracts, for all numbers and any sequence of
// calls. Each proof also has to find a fault that is put into the source, so that none is true for want of content.
import { check } from "./smt/model-checker.ts";
import { PROPERTIES } from "./smt/properties.ts";
import { loadZ3 } from "./smt/solver.ts";

/** Several times what the slowest takes on two busy cores. */
const TIMEOUT_MS = 120_000;

const wanted = process.argv.slice(2);
const properties = PROPERTIES.filter(({ claim }) => wanted.every((word) => claim.includes(word)));
if (properties.length === 0) {
  console.error(`No property has the words "${wanted.join(" ")}".`);
  process.exit(2);
}

const solver = await loadZ3(TIMEOUT_MS);
let proved = 0;
for (const { claim, proof, fault } of properties) {
  const started = performance.now();
  const verdict = await check(proof, solver);
  const broken = await check(proof, solver, fault);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${verdict}: ${claim} (broken on purpose: ${broken}; ${seconds} s)`);
  if (verdict === "proved" && broken === "violated") ++proved;
}
console.log(`smt: ${String(proved)} of ${String(properties.length)} properties proved`);
await solver.close();
process.exitCode = proved === properties.length ? 0 : 1;
