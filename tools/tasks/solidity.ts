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

const result = zResult.parse(await hre.tasks.getTask(["test", "solidity"]).run({ testFiles }));
const { failureOutput, ...counts } = (result.success ? result.value : result.error).summary;
if (failureOutput !== undefined) console.log(failureOutput);
writeFileSync(reportFile, JSON.stringify(counts));
process.exitCode = result.success ? 0 : 1;
