// The tests of core/security alone, for coverage and mutation.
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Mutation goes folder by folder, each with its own tests only, and without what goes through thousands of accounts or
// the largest ones: a mutant that only those would notice counts as not noticed.
const mutated = process.env.TRIVET_MUTATED_FOLDER;
const exhaustive = ["**/edges.test.ts", "**/published-model.test.ts", "**/largest-account.test.ts"];

/** What is run for a mutant ends with the first failure: files that failed lately first, then the quickest. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const slowestFirst = await super.sort(files);
    const failed = (file: TestSpecification) =>
      this.ctx.cache.getTestSpecificationResult(file)?.failed ?? false;
    return [...slowestFirst.filter(failed), ...slowestFirst.filter((file) => !failed(file)).reverse()];
  }
}

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: [mutated === undefined ? "core/security/**/*.test.ts" : `${mutated}/*.test.ts`],
    exclude: [...configDefaults.exclude, ...(mutated === undefined ? [] : exhaustive)],
    maxWorkers: 2,
    // One process for all files of a mutant: starting one for each would take most of the time.
    isolate: mutated === undefined,
    sequence: mutated === undefined ? {} : { sequencer: QuickestFirst },
    testTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["core/security/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testing/**"],
      reporter: ["text"],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
