import { defineConfig } from "hardhat/config";
import config from "../../hardhat.config.ts";

/** The project's own, but the instrumented code goes where nobody takes it for the real one. */
export default defineConfig({
  ...config,
  paths: {
    ...config.paths,
    artifacts: ".cache/contract-coverage/artifacts",
    cache: ".cache/contract-coverage/cache",
  },
});
