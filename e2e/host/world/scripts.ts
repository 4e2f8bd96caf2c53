import { readFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import type { WorldSettings } from "./settings.ts";

/** Name of the world a preload runs in. */
export const ISOLATED_WORLD = "Electron Isolated Context";

/** Bundles a script of this folder into an expression whose value is its exports. */
function bundle(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(import.meta.dirname, file)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "world",
    target: "es2022",
  });
  return `(() => { ${outputFiles[0]?.text ?? ""}; return world; })()`;
}

let bundles: { main: string; isolated: string } | undefined;

/** The scripts to run in a page before its own: one in its world, one, with the preload, in the isolated world. */
export function worldScripts(
  settings: WorldSettings,
  preloadFile: string | undefined,
): { main: string; isolated: string } {
  bundles ??= { main: bundle("main-world.ts"), isolated: bundle("isolated-world.ts") };
  const preload = preloadFile === undefined ? "" : readFileSync(preloadFile, "utf8");
  const argument = JSON.stringify(settings);
  return {
    main: `${bundles.main}.runMainWorld(${argument})`,
    isolated: `${bundles.isolated}.runIsolatedWorld(${argument}, (require, module, exports, process) => {
${preload}
})`,
  };
}
