import type { Judged } from "./pool.ts";

/** How many mutants were killed and how many survived; others do not count. */
export interface Tally {
  readonly killed: number;
  readonly survived: number;
}

export function tally(judged: readonly Judged[]): Tally {
  const count = (outcome: string) => judged.filter(({ verdict }) => verdict.outcome === outcome).length;
  return { killed: count("killed"), survived: count("survived") };
}

/** The share of the mutants that count which were killed, 0 to 1. */
export function score({ killed, survived }: Tally): number {
  return killed + survived === 0 ? 0 : killed / (killed + survived);
}

/** One row for each value of a key, and the total. */
export function table(title: string, judged: readonly Judged[], keyOf: (judged: Judged) => string): string {
  const keys = [...new Set(judged.map(keyOf))].sort();
  const row = (name: string, those: readonly Judged[]) => {
    const counts = tally(those);
    const left = those.length - counts.killed - counts.survived;
    const share = counts.killed + counts.survived === 0 ? "-" : `${(100 * score(counts)).toFixed(1)} %`;
    return [name, String(counts.killed), String(counts.survived), share, String(left)];
  };
  const cells = [
    [title, "killed", "survived", "score", "not counted"],
    ...keys.map((key) =>
      row(
        key,
        judged.filter((one) => keyOf(one) === key),
      ),
    ),
    row("total", judged),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...cells.map((cell) => (cell[column] ?? "").length)),
  );
  return cells
    .map((cell) =>
      cell
        .map((it, column) => (column === 0 ? it.padEnd(widths[0] ?? 0) : it.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
