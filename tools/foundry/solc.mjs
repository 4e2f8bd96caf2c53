#!/usr/bin/env node
// npm's solc in the clothes of the native compiler, as far as forge asks: `--version` and `--standard-json`.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const solc = createRequire(import.meta.url)("solc");
const args = process.argv.slice(2);

if (args.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (args.includes("--standard-json")) {
  const basePath = args[args.indexOf("--base-path") + 1] ?? ".";
  const read = (path) => {
    try {
      return { contents: readFileSync(resolve(join(basePath, path)), "utf8") };
    } catch (error) {
      return { error: error.message };
    }
  };
  process.stdout.write(solc.compile(readFileSync(0, "utf8"), { import: read }));
} else {
  console.error("only --version and --standard-json");
  process.exitCode = 1;
}
