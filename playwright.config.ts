import { defineConfig } from "@playwright/test";

// Playwright tells its workers to write colours and takes them out again. With NO_COLOR, which the checks set and the
// workers' children inherit, Node would complain of both in the output of every one of them.
delete process.env.NO_COLOR;

/** Specs start the wallet themselves (e2e/host), so there is no browser project here. */
export default defineConfig({
  testDir: "e2e/specs",
  testMatch: "**/*.spec.ts",
  outputDir: "e2e/results/artifacts",
  // One person, one devnet, one wallet at a time.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [["list"], ["json", { outputFile: "e2e/results/results.json" }]],
});
