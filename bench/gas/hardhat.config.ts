// How the contracts that are measured beside ours are compiled: as ours are.
import { defineConfig } from "hardhat/config";
import ours from "../../hardhat.config.ts";

export default defineConfig({
  ...ours,
  paths: {
    sources: ["bench/gas/contracts"],
    artifacts: ".cache/bench-gas/artifacts",
    cache: ".cache/bench-gas/cache",
    tests: { solidity: "bench/gas/contracts" },
  },
});
