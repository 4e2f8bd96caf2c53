import { describe, expect, it } from "vitest";
import type { Exception } from "./exceptions.ts";
import { judge, table } from "./judge.ts";
import { readLcov } from "./lcov.ts";

const LINES = "TN:\nSF:a.sol\nDA:1,3\nDA:2,0\nend_of_record\nSF:b.sol\nDA:7,1\nend_of_record\n";
const BRANCHES = "SF:a.sol\nDA:2,0\nBRDA:1,0,0,5\nBRDA:1,0,1,-\nend_of_record\nSF:b.sol\nBRDA:7,0,0,0\n";
const SOURCE: Record<string, string[]> = { "a.sol": ["  if (x) y();", "  z();"] };
const sourceLine = (file: string, line: number) => SOURCE[file]?.[line - 1] ?? "";

describe("coverage", () => {
  const judgeWith = (exceptions: Exception[]) =>
    judge(["a.sol", "b.sol", "c.sol"], readLcov(LINES), readLcov(BRANCHES), exceptions, sourceLine);

  it("takes lines from one report and branches from the other, and names what is missing", () => {
    const { rows } = judgeWith([]);
    expect(rows).toEqual([
      {
        file: "a.sol",
        lines: { hit: 1, found: 2 },
        branches: { hit: 1, found: 2 },
        missing: ["a.sol:2: line not covered", "a.sol:1: branch not covered"],
      },
      {
        file: "b.sol",
        lines: { hit: 1, found: 1 },
        branches: { hit: 0, found: 1 },
        missing: ["b.sol:7: branch not covered"],
      },
      { file: "c.sol", lines: { hit: 0, found: 0 }, branches: { hit: 0, found: 0 }, missing: [] },
    ]);
    expect(table(rows).split("\n").at(-1)).toMatch(/^total +66\.7 % \(2\/3\) +33\.3 % \(1\/3\)$/);
  });

  it("leaves out what is excepted by file, text and kind", () => {
    const exception: Exception = { file: "a.sol", line: "if (x) y();", kind: "branch", why: "" };
    const { rows, stale } = judgeWith([exception]);
    expect(rows[0]?.missing).toEqual(["a.sol:2: line not covered"]);
    expect(stale).toEqual([]);
  });

  it("names exceptions that except nothing", () => {
    const covered: Exception = { file: "a.sol", line: "if (x) y();", kind: "line", why: "" };
    const elsewhere: Exception = { file: "b.sol", line: "if (x) y();", kind: "branch", why: "" };
    expect(judgeWith([covered, elsewhere]).stale).toEqual([covered, elsewhere]);
  });

  it("refuses a report that makes no sense", () => {
    expect(() => readLcov("SF:a.sol\nDA:x,1")).toThrow("DA:x,1");
    expect(() => readLcov("SF:a.sol\nBRDA:1,0")).toThrow("BRDA:1,0");
  });
});
