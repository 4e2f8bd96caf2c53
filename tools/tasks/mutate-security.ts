// `npm run mutate:security [-- --mutate core/security/rules/**]`: breaks core/security in small ways, one at a time, and
// sees whether a test notices. Fails below 90 %.
import { commandScript } from "../setup/paths.mjs";
import { runScript } from "./runner.ts";

const CONFIG = "tools/security-tests/stryker.config.json";

process.env.TRIVET_MUTATION = "1";
const args = ["run", CONFIG, ...process.argv.slice(2)];
const { exitCode } = await runScript(commandScript("@stryker-mutator/core", "stryker"), args, (line) => {
  console.log(line);
});
process.exitCode = exitCode;
