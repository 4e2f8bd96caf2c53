import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";

/** npm's own build of the compiler, so that compiling needs no download. */
const solc = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    evmVersion: "prague",
    viaIR: true,
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: "none" },
  },
};

export default defineConfig({
  solidity: {
    profiles: { default: { compilers: [solc] } },
    splitTestsCompilation: true,
  },
  paths: {
    sources: ["contracts/src", "contracts/devnet", "contracts/testing"],
    artifacts: "contracts/artifacts",
    cache: "contracts/cache",
    tests: { solidity: "contracts/test" },
  },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", chainId: 31337 },
  },
  test: {
    solidity: { fuzz: { runs: 256 } },
  },
});
