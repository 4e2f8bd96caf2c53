// `npm run coverage:security`: which lines and branches of core/security its tests reach; fails below all.
import { commandScript } from "../setup/paths.mjs";
import { runScript } from "./runner.ts";

const CONFIG = "tools/security-tests/vitest.config.ts";

const { exitCode, output } = await runScript(commandScript("vitest"), [
  "run",
  "--coverage",
  "--config",
  CONFIG,
]);
console.log(output);
if (exitCode === 0) console.log("core/security coverage: every line and branch");
process.exitCode = exitCode;
