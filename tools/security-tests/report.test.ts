import { expect, test } from "vitest";
import { mutationLine, mutationTable, readMutationReport } from "./report.ts";

const mutant = (status: string, line = 1) => ({
  id: "1",
  mutatorName: "EqualityOperator",
  replacement: "a >= b",
  status,
  location: { start: { line, column: 1 }, end: { line, column: 6 } },
});
const report = {
  files: {
    "core/a.ts": { source: "a > b;\n  b > a;", mutants: [mutant("Killed"), mutant("Survived", 2)] },
    "core/b.ts": {
      source: "",
      mutants: ["Timeout", "NoCoverage", "Ignored"].map((status) => mutant(status)),
    },
    "core/c.ts": { source: "", mutants: [mutant("CompileError")] },
  },
};

test("a mutant is killed by a failure or a hang, and survived where no test ran it", () => {
  const [a, b, c] = readMutationReport(report);
  const replaced = { mutator: "EqualityOperator", replacement: "a >= b" };
  expect(a).toEqual({
    file: "core/a.ts",
    killed: 1,
    survivors: [{ file: "core/a.ts", line: 2, code: "b > a;", ...replaced }],
  });
  expect(b).toMatchObject({ killed: 1, survivors: [{ file: "core/b.ts", code: "" }] });
  expect(c).toEqual({ file: "core/c.ts", killed: 0, survivors: [] });
});

test("files are listed with their scores, and all of them in one line", () => {
  const results = readMutationReport(report);
  expect(mutationTable(results)).toBe(
    [
      "file       killed  survived  score",
      "core/a.ts  1       1         50.0 %",
      "core/b.ts  1       1         50.0 %",
      "core/c.ts  0       0         -",
    ].join("\n"),
  );
  expect(mutationLine(results)).toBe("core/security mutation: 2 killed, 2 survived, 50.0 %");
});

test("what is no report is refused", () => {
  expect(() => readMutationReport({ files: { "core/a.ts": { mutants: [mutant("Lost")] } } })).toThrow(
    /status/,
  );
});
