// `node bench/explorer.ts [--json]`: how long the explorer takes for each configuration, and for accounts with ever more
// things. Aims: 50 ms for one configuration, 2 s for all sixteen with the start of the process.
import { parseArgs } from "node:util";
import { type AccountDescription, parseAccount } from "#core/security/explorer/account.ts";
import { EVERY_CHOICE_OF_METHODS, explore, networkAccount } from "#core/security/explorer/configurations.ts";
import { reportOn } from "#core/security/explorer/report.ts";
import { PROFILE_NAMES } from "#core/security/rules/profiles.ts";

interface Timing {
  readonly what: string;
  readonly things: number;
  /** The median of the runs. */
  readonly milliseconds: number;
}

const RUNS = 5;
const { values } = parseArgs({ options: { json: { type: "boolean" } } });
const sinceStart = performance.now();

function time(what: string, account: ReturnType<typeof parseAccount>): Timing {
  const runs = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    reportOn(explore(account));
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return {
    what,
    things: explore(account).sets.things.length,
    milliseconds: runs[Math.floor(RUNS / 2)] ?? NaN,
  };
}

const first = performance.now();
for (const methods of EVERY_CHOICE_OF_METHODS) reportOn(explore(networkAccount("default", methods)));
const cold = performance.now() - first;

const friends = (count: number): AccountDescription => ({
  methods: ["A", "S", "P"],
  mfa: { holder: "ledger" },
  recovery: {
    holder: "friends",
    names: Array.from({ length: count }, (_, index) => `Friend ${index}`),
    threshold: 2,
  },
});
const timings = [
  ...PROFILE_NAMES.flatMap((profile) =>
    EVERY_CHOICE_OF_METHODS.map((methods) =>
      time(`${profile} ${methods.join("+") || "none"}`, networkAccount(profile, methods)),
    ),
  ),
  ...[2, 3, 5, 7].map((count) => time(`Ledger and ${count} friends`, parseAccount(friends(count)))),
];

const result = { startMs: sinceStart, allSixteenColdMs: cold, timings };
if (values.json) console.log(JSON.stringify(result, null, 2));
else {
  console.log(
    `process and modules: ${sinceStart.toFixed(0)} ms; all sixteen, the first time: ${cold.toFixed(0)} ms`,
  );
  for (const { what, things, milliseconds } of timings) {
    console.log(`${milliseconds.toFixed(1).padStart(8)} ms  ${String(things).padStart(2)} things  ${what}`);
  }
}
