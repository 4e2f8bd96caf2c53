import { z } from "zod";

/** How many tests of a runner passed, failed and were skipped, as its own report says. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const count = z.number().int().nonnegative();

const zVitestReport = z.object({
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** A file that fails before any of its tests runs counts as one failure. */
export function countVitest(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
    zVitestReport.parse(report);
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
}

const zPlaywrightReport = z.object({
  stats: z.object({ expected: count, unexpected: count, flaky: count, skipped: count }),
  errors: z.array(z.unknown()),
});

/** A test that passed only when it was tried again is a failure; so is an error outside of any test. */
export function countPlaywright(report: unknown): Counts {
  const { stats, errors } = zPlaywrightReport.parse(report);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

const zSolidityReport = z.object({ passed: count, failed: count, skipped: count });

export function countSolidity(report: unknown): Counts {
  return zSolidityReport.parse(report);
}

/** "vitest: 12 passed, 0 failed, 1 skipped" */
export function closingLine(name: string, { passed, failed, skipped }: Counts): string {
  return `${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
