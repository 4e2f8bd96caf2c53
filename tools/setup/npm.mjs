import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SetupError } from "./messages.mjs";
import { runQuietly } from "./run-command.mjs";

/** Settings that say how to reach the registry. Others belong to the npm that started us, not to ours. */
const KEPT_SETTINGS =
  /^npm_config_(@.+:registry|registry|userconfig|globalconfig|cache|proxy|https?_proxy|noproxy|ca|cafile|cert|key|strict_ssl|offline|prefer_offline|fetch_.+|maxsockets|.+:_auth.*)$/i;

/**
 * The environment for an npm of our own inside `npm start`: without what the outer npm told its script
 * (`npm_config_json`, `npm_config_prefix`, `npm_lifecycle_event` …), which would change what ours does.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function withoutOuterNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || KEPT_SETTINGS.test(name)),
  );
}

/**
 * Runs npm with a given Node.
 *
 * @param {string} what for messages and the log's name
 * @param {string[]} args
 * @param {{ node: string, env: NodeJS.ProcessEnv, cwd?: string }} options
 */
export async function runNpm(what, args, { node, env, cwd }) {
  const script = npmScript(env);
  await runQuietly(what, node, [script, ...args, "--no-audit", "--no-fund", "--loglevel=warn"], {
    env: withoutOuterNpm(env),
    cwd,
  });
}

/** npm's own script: that of the npm that started us, or of the first one in the PATH. */
function npmScript(env) {
  const outer = env.npm_execpath ?? "";
  if (isNpmScript(outer)) return outer;
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    const command = join(folder, "npm");
    const candidates = [
      existsSync(command) ? realpathSync(command) : "",
      join(folder, "node_modules", "npm", "bin", "npm-cli.js"),
    ];
    const found = candidates.find(isNpmScript);
    if (found !== undefined) return found;
  }
  throw new SetupError("npm is missing. Install Node.js 20 or newer together with npm (https://nodejs.org).");
}

function isNpmScript(path) {
  return /npm-cli\.[cm]?js$/.test(path) && existsSync(path);
}
