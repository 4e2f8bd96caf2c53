/** What one lcov report says about one source file. */
export interface FileCoverage {
  /** Line number → how often it ran. */
  readonly lines: ReadonlyMap<number, number>;
  /** Every way on from a place where there is more than one. */
  readonly branches: readonly Branch[];
}

export interface Branch {
  readonly line: number;
  readonly taken: boolean;
}

/**
 * Reads an lcov report: https://github.com/linux-test-project/lcov/blob/master/man/geninfo.1, "TRACEFILE FORMAT".
 *
 * @returns by source file, as the report names it
 * @throws Error for a report whose records make no sense
 */
export function readLcov(report: string): Map<string, FileCoverage> {
  const files = new Map<string, FileCoverage>();
  let lines = new Map<number, number>();
  let branches: Branch[] = [];
  for (const record of report.split(/\r?\n/)) {
    const [kind, rest = ""] = splitOnce(record, ":");
    if (kind === "SF") {
      lines = new Map();
      branches = [];
      files.set(rest, { lines, branches });
    } else if (kind === "DA") {
      const [line, count] = rest.split(",").map(Number);
      if (!isCount(line) || !isCount(count)) throw new Error(`Not an lcov record: ${record}`);
      lines.set(line, count);
    } else if (kind === "BRDA") {
      const [line, , , taken] = rest.split(",");
      if (!isCount(Number(line)) || taken === undefined) throw new Error(`Not an lcov record: ${record}`);
      branches.push({ line: Number(line), taken: taken !== "-" && Number(taken) > 0 });
    }
  }
  return files;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
