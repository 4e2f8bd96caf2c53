// `node tools/tasks/solidity.ts report.json [files…]`: the Solidity tests, and their counts as JSON.
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import { z } from "zod";

const [reportFile, ...testFiles] = process.argv.slice(2);
if (reportFile === undefined) throw new Error("usage: solidity.ts report.json [files…]");

const zRun = z.object({
  summary: z.object({
    passed: z.number(),
    failed: z.number(),
    skipped: z.number(),
    failureOutput: z.string().optional(),
  }),
});
const zResult = z.discriminatedUnion("success", [
  z.object({ success: z.literal(true), value: zRun }),
  z.object({ success: z.literal(false), error: zRun }),
]);

// Hardhat counts, and hands over what failed instead of printing it, when the run is one of several to be
// summed up, which begin with 1.
const task = hre.tasks.getTask(["test", "solidity"]);
const result = zResult.parse(await task.run({ testFiles, testSummaryIndex: 1 }));
const { failureOutput, ...counts } = (result.success ? result.value : result.error).summary;
if (failureOutput !== undefined && failureOutput !== "") console.log(failureOutput);
writeFileSync(reportFile, JSON.stringify(counts));
process.exitCode = result.success ? 0 : 1;
