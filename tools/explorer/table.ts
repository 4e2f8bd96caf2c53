/** What the explorer found out, for a terminal. */
import type { Account } from "#core/security/explorer/account.ts";
import type { AccountReport, TheftPath } from "#core/security/explorer/report.ts";
import type { ServiceReport } from "#core/security/explorer/services.ts";
import type { RankedChange } from "#core/security/explorer/what-if.ts";
import { textTable } from "../text-table.ts";

const sets = (all: readonly (readonly string[])[]): string =>
  all.map((set) => `{${set.join(",")}}`).join(" ");

const percent = (chance: number): string => `${(100 * chance).toPrecision(2)} %`;

/** One row for each configuration. */
export function configurationTable(reports: readonly AccountReport[]): string {
  const head = ["methods", "level", "failure", "smallest", "theft", "loss"];
  const rows = reports.map((report) => [
    report.methods.join("+") || "none",
    String(report.level),
    percent(report.failure),
    `${report.smallestTheft} and ${report.smallestLoss}`,
    sets(report.theft),
    sets(report.loss),
  ]);
  return textTable([head, ...rows]);
}

const duration = (days: number): string => (days === 0 ? "at once" : `after ${days} days, without a veto`);

const path = (name: string, { days, steps }: TheftPath): string =>
  [`  {${name.replaceAll("+", ",")}} ${duration(days)}`, ...steps.map((step) => `    - ${step}`)].join("\n");

function serviceLine({ service, drainsAfterDays, ownerCanExit }: ServiceReport): string {
  const hostile = drainsAfterDays === null ? "never" : duration(drainsAfterDays);
  const gone = ownerCanExit ? "its owner still gets everything out" : "its owner is locked out";
  return `  the ${service}, if hostile, has the money: ${hostile}; if it is gone for good, ${gone}`;
}

/** Everything about one account. */
export function accountText(
  account: Account,
  report: AccountReport,
  services: readonly ServiceReport[],
  changes: readonly RankedChange[],
): string {
  const { theft, loss, failure } = report.failures;
  const helpful = changes.map((change) => `  ${percent(change.failure)}: ${change.words}`);
  return [
    `Profile ${account.profile}, level ${report.level}.`,
    `Failure in a year: ${percent(failure)} (theft ${percent(theft)}, loss ${percent(loss)}).`,
    `Who could take it: the smallest set has ${report.smallestTheft}.`,
    ...Object.entries(report.theftPaths).map(([name, way]) => path(name, way)),
    `What would lock its owner out: the smallest set has ${report.smallestLoss}.`,
    ...Object.entries(report.lossReasons).map(([name, why]) => `  {${name.replaceAll("+", ",")}} ${why}`),
    "What it relies on:",
    ...services.map(serviceLine),
    "Best next change, by the chance of failure it leaves:",
    ...(helpful.length > 0 ? helpful : ["  none lowers it"]),
  ].join("\n");
}
