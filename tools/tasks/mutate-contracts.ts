// `npm run mutate:contracts [-- --files Nonces,Keys --max 20]`: breaks the contracts in small ways, one at a time, and
// sees whether a Solidity test notices. Fails below 90 %, and for a survivor that contracts/mutation-survivors.md does
// not judge.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import config from "../../hardhat.config.ts";
import { choose } from "../mutation/choice.ts";
import { parse, readSources } from "../mutation/compiler.ts";
import { mutantsOf } from "../mutation/operators.ts";
import { judgeAll } from "../mutation/pool.ts";
import { Project } from "../mutation/project.ts";
import { score, table, tally } from "../mutation/report.ts";
import { entryOf, readJudged, survivorOf } from "../mutation/survivors.ts";
import { isSuite, runSuite } from "../mutation/test-runner.ts";
import { ROOT } from "./runner.ts";

/** Rules, schedule, limits, signatures, and what brings them together. */
const CORE = [
  ...[
    "Policy",
    "Schedule",
    "Stages",
    "Limits",
    "Signatures",
    "Keys",
    "Nonces",
    "Freeze",
    "Authorization",
  ].map((name) => `contracts/src/account/${name}.sol`),
  "contracts/src/TrivetAccount.sol",
  "contracts/src/AccountChanges.sol",
];
/** What else decides about money or gates; the other verifiers have no code of ours to break. */
const OTHERS = [
  ...["Scopes", "Settings", "EntryPointDoor", "Roles", "Reveal", "Transfers", "ReadableAmount"].map(
    (name) => `contracts/src/account/${name}.sol`,
  ),
  ...["ReclaimablePayments", "AliasRegistry", "GateRegistry", "FactorRegistry"].map(
    (name) => `contracts/src/${name}.sol`,
  ),
  "contracts/src/verifiers/ScriptVerifier.sol",
];
const TARGETS = [...CORE, ...OTHERS];
const LEAST_SCORE = 0.9;
const LEAST_MUTANTS = 200;
/** So many of each, because some come to the very same code and do not count. */
const MOST_OF_CORE = 220;
const MOST_OF_OTHERS = 40;
const SEED = "trivet";
/** Fewer than in the tests' own runs: what only the 200th try would notice counts as not noticed. */
const EFFORT = { fuzzRuns: 64, invariantRuns: 2, invariantDepth: 150 };
const AT_ONCE = 2;
const HUNG_AFTER_MS = 240_000;
const CACHE = join(ROOT, ".cache", "mutation");
const SURVIVORS = join(ROOT, "contracts", "mutation-survivors.md");

const { values: options } = parseArgs({ options: { files: { type: "string" }, max: { type: "string" } } });
const most = z.coerce.number().int().positive().optional().parse(options.max);
const names = options.files?.split(",");

const { settings } = z
  .object({
    solidity: z.object({
      profiles: z.object({
        default: z.object({
          compilers: z.tuple([z.object({ settings: z.record(z.string(), z.unknown()) })]),
        }),
      }),
    }),
  })
  .transform(({ solidity }) => solidity.profiles.default.compilers[0])
  .parse(config);

const files = ["contracts/src", "contracts/testing", "contracts/devnet", "contracts/invariants"].flatMap(
  (folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".sol"))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
);
const sources = readSources(ROOT, files);
const project = new Project(sources, settings, CACHE);
const targets = TARGETS.filter((file) => sources.has(file)).filter(
  (file) => names === undefined || names.includes(basename(file, ".sol")),
);
if (targets.length === 0) throw new Error(`There is no such file. Files: ${TARGETS.join(", ")}`);

const of = (group: readonly string[]) =>
  targets
    .filter((file) => group.includes(file))
    .flatMap((file) => mutantsOf(file, sources.get(file) ?? "", parse(sources, file)));
const [core, others] = [of(CORE), of(OTHERS)];
const all = [...core, ...others];
const mutants =
  most === undefined
    ? [...choose(core, MOST_OF_CORE, SEED), ...choose(others, MOST_OF_OTHERS, SEED)]
    : choose(all, most, SEED);
console.log(`${all.length} mutants of ${targets.length} files; ${mutants.length} are tried.`);

// A test that fails without any mutant would kill them all.
for (const file of project.testFiles.filter((test) =>
  targets.some((target) => project.reaches(test, target)),
)) {
  const helpers = project.compiled(file).filter((artifact) => !isSuite(artifact));
  const deployable = project.contractFiles.flatMap((name) => project.compiled(name));
  for (const suite of project.compiled(file).filter(isSuite)) {
    const failed = await runSuite(suite, [...deployable, ...helpers], EFFORT);
    if (failed !== undefined) throw new Error(`${suite.name}.${failed} fails without any mutant`);
  }
}

let done = 0;
const start = { sources: [...sources], settings, cache: CACHE, effort: EFFORT };
const judged = await judgeAll(
  mutants,
  start,
  { atOnce: AT_ONCE, limitMs: HUNG_AFTER_MS },
  ({ mutant, verdict }) => {
    done += 1;
    const survivor = survivorOf(mutant, sources.get(mutant.file) ?? "");
    console.log(
      `${done}/${mutants.length} ${survivor.file}:${survivor.line} ${mutant.operator}: ${verdict.outcome}`,
    );
  },
);

const survivors = judged
  .filter(({ verdict }) => verdict.outcome === "survived")
  .map(({ mutant }) => survivorOf(mutant, sources.get(mutant.file) ?? ""));
const known = readJudged(readFileSync(SURVIVORS, "utf8"));
const unjudged = survivors.filter((survivor) => !known.has(entryOf(survivor)));
const counts = tally(judged);

mkdirSync(CACHE, { recursive: true });
writeFileSync(
  join(CACHE, "report.json"),
  JSON.stringify({ ...counts, score: score(counts), survivors, judged }, null, 2),
);
console.log(`\n${table("file", judged, ({ mutant }) => mutant.file)}`);
console.log(`\n${table("operator", judged, ({ mutant }) => mutant.operator)}`);
for (const survivor of survivors) {
  const note = unjudged.includes(survivor) ? "NOT JUDGED" : "judged";
  console.log(`\n${survivor.file}:${survivor.line} survived, ${note}\n${entryOf(survivor)}`);
}
const complete = names === undefined && options.max === undefined;
const ofCore = tally(judged.filter(({ mutant }) => CORE.includes(mutant.file)));
const tooFew = complete && ofCore.killed + ofCore.survived < LEAST_MUTANTS;
if (tooFew)
  console.log(`\nFewer than ${LEAST_MUTANTS} mutants of rules, schedule, limits and signatures count.`);
console.log(
  `\nmutation: ${counts.killed} killed, ${counts.survived} survived (${unjudged.length} not judged), ` +
    `${(100 * score(counts)).toFixed(1)} %`,
);
process.exitCode = tooFew || score(counts) < LEAST_SCORE || unjudged.length > 0 ? 1 : 0;
