import { type Breakdown, type Part, PARTS } from "../breakdown.ts";
import { type Flow, FLOW_NAMES, FLOWS, type Row } from "../flows.ts";
import { ratio, spaced } from "../table.ts";
import { drawChart, slopeText } from "./chart.ts";
import { leastSquares } from "./least-squares.ts";
import type { GrowthChart } from "./measure-growth.ts";

/** Where our gas goes in a flow, and where the floor's does. */
export interface Comparison {
  readonly flow: Flow;
  readonly ours: Breakdown;
  readonly floor: Breakdown;
}

/** Everything that was measured. */
export interface Measurements {
  readonly hardfork: string;
  readonly ours: string;
  readonly floor: string;
  readonly rows: readonly Row[];
  readonly comparisons: readonly Comparison[];
  readonly charts: readonly GrowthChart[];
}

/** Why we spend more than the floor on a part. */
const REASONS: Record<Part, string> = {
  transaction: "a header byte for each signature, and the fields the floor has no use for",
  signatures: "the same: one recovery for each key",
  reads: "roles, thresholds, freeze and delays: what a policy has to know",
  writes: "roles and settings when an account begins; what a limit has counted",
  calls: "the rare operations live in a second contract",
  events:
    "every operation leaves one, so that a wallet and a watcher can follow an account; the floor says nothing",
  tokens: "the token's own work; more only where its symbol and decimals are read for a hardware wallet",
  rest: "typed data that a person can read instead of a bare hash, signatures of several kinds, counting by role, and asking the policy",
};

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...lines.map(row)].join("\n");
const signed = (value: number) => (value < 0 ? `\u2212${spaced(-value)}` : spaced(value));
const total = (parts: Breakdown) => Object.values(parts).reduce((sum, gas) => sum + gas, 0);

function peersTable({ rows, ours }: Measurements): string {
  const accounts = [...new Set(rows.map(({ account }) => account))];
  const find = (flow: Flow, account: string) =>
    rows.find((one) => one.flow === flow && one.account === account)?.totalGas;
  const cell = (flow: Flow, account: string) => {
    const [value, base] = [find(flow, account), find(flow, ours)];
    if (value === undefined) return "";
    return account === ours || !base ? spaced(value) : `${spaced(value)} (${ratio(value, base)})`;
  };
  const measured = FLOW_NAMES.filter((flow) => rows.some((one) => one.flow === flow));
  return table(
    ["flow", ...accounts],
    measured.map((flow) => [`\`${flow}\``, ...accounts.map((account) => cell(flow, account))]),
  );
}

/** The flows in which another account that is no floor costs less than ours. */
function dearerList({ rows, ours, floor }: Measurements): string {
  const base = (flow: Flow) => rows.find((one) => one.flow === flow && one.account === ours)?.totalGas;
  const lower = rows.filter(
    ({ account, flow, totalGas }) => account !== floor && totalGas < (base(flow) ?? -Infinity),
  );
  if (lower.length === 0) return "Nobody is below ours in any flow that both have.";
  return `Below ours: ${lower.map(({ flow, account }) => `${account} in \`${flow}\``).join(", ")}.`;
}

const flowList = () => FLOW_NAMES.map((flow) => `- \`${flow}\`: ${FLOWS[flow]}`).join("\n");

function accountList({ rows }: Measurements): string {
  const deployments = rows.filter(({ flow }) => flow === "deploy");
  return deployments
    .map(({ account, note }) => `- **${account}**: ${note.split("; ").slice(1).join("; ")}`)
    .join("\n");
}

function floorTable({ comparisons }: Measurements): string {
  const parts = Object.keys(PARTS).filter((name): name is Part => name in PARTS);
  return table(
    ["more than the floor", ...comparisons.map(({ flow }) => `\`${flow}\``)],
    [
      ...parts.map((part) => [
        PARTS[part],
        ...comparisons.map(({ ours, floor }) => signed(ours[part] - floor[part])),
      ]),
      ["**together**", ...comparisons.map(({ ours, floor }) => `**${signed(total(ours) - total(floor))}**`)],
    ],
  );
}

function reasonList({ comparisons }: Measurements): string {
  const parts = Object.keys(PARTS).filter((name): name is Part => name in PARTS);
  const differs = (part: Part) => comparisons.some(({ ours, floor }) => ours[part] !== floor[part]);
  return parts
    .filter(differs)
    .map((part) => `- ${PARTS[part]}: ${REASONS[part]}`)
    .join("\n");
}

function growthSection({ title, file, series }: GrowthChart): string {
  const lines = series.map(({ label, points }) => {
    const worst = (leastSquares(points).worstError * 100).toFixed(1);
    return `- ${label}: ${slopeText(points)} (no point farther than ${worst} % from the line)`;
  });
  return [`### ${title}`, "", ...lines, "", `![${title}](images/${file})`].join("\n");
}

/** docs/gas.md, before it is formatted. */
export function writeDocument(measured: Measurements): string {
  const { hardfork, floor, charts } = measured;
  return `# What it costs

Generated by \`node bench/gas/growth.ts\`; do not edit. All figures are gas of whole transactions, measured in one run on
one chain (${hardfork} rules) in steady state: the account has been used before and the recipient has had the coin or
the token before. \`npm run bench:gas\` measures again; \`contracts/.gas-snapshot\` holds ours to the unit, and tests
fail when they change or when Safe or OpenZeppelin gets below ours.

## Beside others

In brackets: how many times ours.

${peersTable(measured)}

${dearerList(measured)}

${flowList()}

Who is who:

${accountList(measured)}

A flow that an account has no counterpart of is left out. Safe's code is the official one, as published on npm;
OpenZeppelin's and Solady's parts and the floor (\`bench/gas/contracts\`) are compiled for the cheapest run. Accounts
whose only door for others is the EntryPoint are measured through it; fees are paid from the account's balance.

## How far from the floor, and why

The ${floor} is the least that a clone with two owners can cost: it knows no roles, recovery, delays or limits and
emits no events. Every step of both transactions is added up by what it is for:

${floorTable(measured)}

Why:

${reasonList(measured)}

## How it grows

Cost grows linearly at worst with whatever there is more of, and what only lies there costs nothing.

${charts.map(growthSection).join("\n\n")}
`;
}

/** Every generated file, by its path in docs/. */
export function documentFiles(measured: Measurements): ReadonlyMap<string, string> {
  return new Map([
    ["gas.md", writeDocument(measured)],
    ...measured.charts.map((chart) => [`images/${chart.file}`, drawChart(chart)] as const),
  ]);
}
