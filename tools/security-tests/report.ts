/** What a mutation run found, from the report that Stryker leaves. */
import { z } from "zod";
import { textTable } from "#tools/text-table.ts";

const zMutant = z.object({
  mutatorName: z.string(),
  replacement: z.string(),
  status: z.enum([
    "Killed",
    "Timeout",
    "Survived",
    "NoCoverage",
    "CompileError",
    "RuntimeError",
    "Ignored",
    "Pending",
  ]),
  location: z.object({ start: z.object({ line: z.int().positive() }) }),
});
const zReport = z.object({
  files: z.record(z.string(), z.object({ source: z.string(), mutants: z.array(zMutant) })),
});

/** A mutant that no test noticed. */
export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  /** The line it is in, and what stands there instead of a part of it. */
  readonly code: string;
  readonly replacement: string;
}

/** What a run found of one file. Mutants that do not count (they do not compile, say) are left out. */
export interface FileResult {
  readonly file: string;
  readonly killed: number;
  readonly survivors: readonly Survivor[];
}

/**
 * Reads the report of a run. A mutant that makes the tests hang is killed; one that no test runs survived.
 * @param report the parsed JSON, in the mutation testing report schema
 */
export function readMutationReport(report: unknown): FileResult[] {
  return Object.entries(zReport.parse(report).files).map(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    const survivors = mutants
      .filter(({ status }) => status === "Survived" || status === "NoCoverage")
      .map(({ mutatorName, replacement, location: { start } }) => ({
        file,
        line: start.line,
        mutator: mutatorName,
        code: (lines[start.line - 1] ?? "").trim(),
        replacement,
      }));
    const killed = mutants.filter(({ status }) => status === "Killed" || status === "Timeout").length;
    return { file, killed, survivors };
  });
}

const killedOf = (results: readonly FileResult[]) => results.reduce((sum, { killed }) => sum + killed, 0);
const survivedOf = (results: readonly FileResult[]) =>
  results.reduce((sum, { survivors }) => sum + survivors.length, 0);

/** The share of the mutants that were killed, in per cent with one digit; "-" of none. */
function share(results: readonly FileResult[]): string {
  const [killed, survived] = [killedOf(results), survivedOf(results)];
  return killed + survived === 0 ? "-" : `${((100 * killed) / (killed + survived)).toFixed(1)} %`;
}

/** One row for each file. */
export function mutationTable(results: readonly FileResult[]): string {
  const row = (one: FileResult) => [one.file, String(one.killed), String(one.survivors.length), share([one])];
  return textTable([["file", "killed", "survived", "score"], ...results.map(row)]);
}

/** "core/security mutation: 12 killed, 1 survived, 92.3 %" */
export function mutationLine(results: readonly FileResult[]): string {
  return `core/security mutation: ${killedOf(results)} killed, ${survivedOf(results)} survived, ${share(results)}`;
}
