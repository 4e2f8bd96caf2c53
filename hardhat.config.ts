import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";

/** npm's own build of the compiler, so that compiling needs no download. */
export const solc = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    evmVersion: "prague",
    viaIR: true,
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: "none" },
  },
};

/** How hard fuzz and invariant tests try; `npm run test:deep` sets TRIVET_DEEP. */
const effort =
  process.env.TRIVET_DEEP === undefined
    ? { fuzzRuns: 256, invariantRuns: 12, invariantDepth: 150 }
    : { fuzzRuns: 4096, invariantRuns: 200, invariantDepth: 300 };

export default defineConfig({
  solidity: {
    profiles: { default: { compilers: [solc] } },
    splitTestsCompilation: true,
  },
  paths: {
    sources: ["contracts/src", "contracts/devnet", "contracts/testing", "contracts/invariants"],
    artifacts: "contracts/artifacts",
    cache: "contracts/cache",
    tests: { solidity: "contracts/test" },
  },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", chainId: 31337 },
  },
  test: {
    solidity: {
      fuzz: { runs: effort.fuzzRuns },
      invariant: { runs: effort.invariantRuns, depth: effort.invariantDepth },
    },
  },
});
