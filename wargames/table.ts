/** Rows for a terminal. */
import { textTable } from "#tools/text-table.ts";
import type { Row } from "./course.ts";
import { isGood } from "./run.ts";

const yesNo = (answer: boolean): string => (answer ? "yes" : "no");

function theft({ attackerGotFunds, afterSeconds }: Row): string {
  if (!attackerGotFunds || afterSeconds === null) return "no";
  return afterSeconds === 0 ? "at once" : `after ${afterSeconds / 86_400} days`;
}

/** One line for each row, and below it what happened. */
export function rowsTable(rows: readonly Row[]): string {
  const head = [
    "scenario",
    "account",
    "stolen",
    "stoppable",
    "owner gets out",
    "blocked",
    "as the explorer has it",
  ];
  const lines = rows.map((row) => [
    row.scenario,
    row.configuration,
    theft(row),
    yesNo(row.ownerCouldStop),
    yesNo(row.ownerCanExit),
    yesNo(row.blocked),
    yesNo(row.explorerAgrees),
  ]);
  const bad = rows.filter((row) => !isGood(row));
  return [
    textTable([head, ...lines]),
    "",
    ...rows.flatMap((row) => [
      `${row.scenario} (${row.configuration})`,
      ...row.how.map((line) => `  - ${line}`),
    ]),
    "",
    `${rows.length} games, ${bad.length} of them not as they should be.`,
    ...bad.flatMap((row) => [
      `  ${row.scenario} (${row.configuration})`,
      ...row.broken.map((line) => `    - ${line}`),
      ...(row.explorerSays ? [`    - the explorer says ${JSON.stringify(row.explorerSays)}`] : []),
    ]),
  ].join("\n");
}
