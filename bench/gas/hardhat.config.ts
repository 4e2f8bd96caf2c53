// How the contracts that are measured beside ours are compiled: for the cheapest run, whatever size that takes, and
// each on its own, so that what else is compiled does not change it.
import { defineConfig } from "hardhat/config";
import { solc } from "../../hardhat.config.ts";

const cheapest = { ...solc, settings: { ...solc.settings, optimizer: { enabled: true, runs: 1_000_000 } } };

export default defineConfig({
  solidity: { profiles: { default: { isolated: true, compilers: [cheapest] } } },
  paths: {
    sources: ["bench/gas/contracts"],
    artifacts: ".cache/bench-gas/artifacts",
    cache: ".cache/bench-gas/cache",
    tests: { solidity: "bench/gas/contracts" },
  },
});
