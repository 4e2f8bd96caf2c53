// The tests of core/security alone, for coverage and mutation.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["core/security/**/*.test.ts"],
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
