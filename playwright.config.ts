import { defineConfig } from "@playwright/test";

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
