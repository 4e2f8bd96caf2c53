import { describe, expect, it } from "vitest";
import { closingLine, countPlaywright, countSolidity, countVitest } from "./reports.ts";

describe("the counts of a run", () => {
  const vitest = {
    numPassedTests: 12,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: "passed", assertionResults: [{ status: "passed" }] },
      { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] },
    ],
  };

  it("are vitest's own", () => {
    expect(countVitest(vitest)).toEqual({ passed: 12, failed: 1, skipped: 3 });
  });

  it("have a failure for a file that broke before its tests", () => {
    const broken = { status: "failed", assertionResults: [] };
    expect(countVitest({ ...vitest, testResults: [...vitest.testResults, broken] }).failed).toBe(2);
  });

  it("are Playwright's own, where a test that passed at the second try and an error outside of tests failed", () => {
    const stats = { expected: 5, unexpected: 1, flaky: 2, skipped: 3 };
    expect(countPlaywright({ stats, errors: [{ message: "no devnet" }] })).toEqual({
      passed: 5,
      failed: 4,
      skipped: 3,
    });
  });

  it("are refused when a report is not what it should be", () => {
    expect(() => countVitest({})).toThrow();
    expect(() => countPlaywright({ stats: {} })).toThrow();
    expect(() => countSolidity({ passed: -1, failed: 0, skipped: 0 })).toThrow();
  });

  it("make one plain line", () => {
    expect(closingLine("vitest", { passed: 12, failed: 0, skipped: 0 })).toBe("vitest: 12 passed, 0 failed");
    expect(closingLine("e2e", { passed: 1, failed: 2, skipped: 3 })).toBe(
      "e2e: 1 passed, 2 failed, 3 skipped",
    );
  });
});
