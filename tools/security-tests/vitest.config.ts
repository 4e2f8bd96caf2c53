// The tests of core/security alone, for coverage and mutation.
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

// Mutation goes folder by folder, each with its own tests only, and without what goes through thousands of accounts or
// the largest ones: a mutant that only those would notice counts as not noticed.
const mutated = process.env.TRIVET_MUTATED_FOLDER;
const exhaustive = ["**/edges.test.ts", "**/published-model.test.ts", "**/largest-account.test.ts"];

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: [mutated === undefined ? "core/security/**/*.test.ts" : `${mutated}/*.test.ts`],
    exclude: [...configDefaults.exclude, ...(mutated === undefined ? [] : exhaustive)],
    maxWorkers: 2,
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
