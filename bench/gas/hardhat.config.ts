// How the contracts that are measured beside ours are compiled: for the cheapest run, whatever size that takes, and
// each on its own, so that what else is compiled does not change it.
import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";

const solc = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    evmVersion: "prague",
    viaIR: true,
    optimizer: { enabled: true, runs: 1_000_000 },
    metadata: { bytecodeHash: "none" },
  },
};

export default defineConfig({
  solidity: { profiles: { default: { isolated: true, compilers: [solc] } } },
  paths: {
    sources: ["bench/gas/contracts"],
    artifacts: ".cache/bench-gas/artifacts",
    cache: ".cache/bench-gas/cache",
    tests: { solidity: "bench/gas/contracts" },
  },
});
