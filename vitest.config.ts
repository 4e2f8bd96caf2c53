import vue from "@vitejs/plugin-vue";
import { configDefaults, defineConfig } from "vitest/config";

const exclude = [
  ...configDefaults.exclude,
  "out/**",
  "dist/**",
  ".cache/**",
  "e2e/specs/**",
  "contracts/**/*.t.sol",
];

export default defineConfig({
  test: {
    // Many tests start real processes (nodes, a chain, Chromium): two at a time is what two cores carry.
    maxWorkers: 2,
    pool: "forks",
    // A hung test must end, a slow machine must not fail: these are limits, nothing measures against them.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["**/*.test.ts"], exclude: [...exclude, "**/*.browser.test.ts"] },
      },
      {
        extends: true,
        plugins: [vue()],
        // These drive a real Chromium, one at a time.
        test: { name: "browser", include: ["**/*.browser.test.ts"], exclude, fileParallelism: false },
      },
    ],
  },
});
