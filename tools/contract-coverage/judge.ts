import { textTable } from "../text-table.ts";
import type { Exception } from "./exceptions.ts";
import type { FileCoverage } from "./lcov.ts";

/** One source file's figures. */
export interface Row {
  readonly file: string;
  readonly lines: Share;
  readonly branches: Share;
  /** "file:line: what is missing", exceptions left out. */
  readonly missing: readonly string[];
}

export interface Share {
  readonly hit: number;
  readonly found: number;
}

export interface Judgement {
  readonly rows: readonly Row[];
  /** Exceptions for which there is nothing to except. */
  readonly stale: readonly Exception[];
}

/**
 * Puts the two reports together: lines from the one whose tool instruments the source, branches from the one whose
 * tool knows branches.
 *
 * @param files the source files that count
 * @param lineReport by file
 * @param branchReport by file
 * @param sourceLine the text of a line, to find exceptions by
 */
export function judge(
  files: readonly string[],
  lineReport: ReadonlyMap<string, FileCoverage>,
  branchReport: ReadonlyMap<string, FileCoverage>,
  exceptions: readonly Exception[],
  sourceLine: (file: string, line: number) => string,
): Judgement {
  const used = new Set<Exception>();
  const isExcepted = (file: string, line: number, kind: Exception["kind"]) => {
    const text = sourceLine(file, line).trim();
    const exception = exceptions.find(
      (candidate) => candidate.file === file && candidate.line === text && candidate.kind === kind,
    );
    if (exception !== undefined) used.add(exception);
    return exception !== undefined;
  };

  const rows = files.map((file): Row => {
    const missing: string[] = [];
    const share = (kind: Exception["kind"], items: { line: number; hit: boolean }[]): Share => {
      const missed = items.filter(({ line, hit }) => !hit && !isExcepted(file, line, kind));
      for (const { line } of missed) missing.push(`${file}:${line}: ${kind} not covered`);
      return { hit: items.length - missed.length, found: items.length };
    };
    const lines = [...(lineReport.get(file)?.lines ?? [])].map(([line, count]) => ({ line, hit: count > 0 }));
    const branches = (branchReport.get(file)?.branches ?? []).map(({ line, taken }) => ({
      line,
      hit: taken,
    }));
    return { file, lines: share("line", lines), branches: share("branch", branches), missing };
  });
  return { rows, stale: exceptions.filter((exception) => !used.has(exception)) };
}

/** The rows as a table with totals. */
export function table(rows: readonly Row[]): string {
  const total = (pick: (row: Row) => Share): Share => ({
    hit: rows.reduce((sum, row) => sum + pick(row).hit, 0),
    found: rows.reduce((sum, row) => sum + pick(row).found, 0),
  });
  const cells = [
    ["file", "lines", "branches"],
    ...rows.map(({ file, lines, branches }) => [file, show(lines), show(branches)]),
    ["total", show(total(({ lines }) => lines)), show(total(({ branches }) => branches))],
  ];
  return textTable(cells);
}

function show({ hit, found }: Share): string {
  return found === 0 ? "-" : `${((100 * hit) / found).toFixed(1)} % (${hit}/${found})`;
}
