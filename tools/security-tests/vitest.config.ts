// The tests of core/security alone, for coverage and mutation.
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

// What goes through thousands of accounts takes seconds each time: mutation makes do with the others.
const exhaustive = ["**/edges.test.ts", "**/published-model.test.ts"];
const exclude = process.env.TRIVET_MUTATION === undefined ? [] : exhaustive;

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["core/security/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...exclude],
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
