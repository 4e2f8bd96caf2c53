import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { z } from "zod";
import { type GateCid, gateDigest } from "#core/key-network/gate-cid.ts";
import type { GateRelease } from "#core/key-network/gate-releases.ts";
import type { GateDigest } from "#core/primitives/hex.ts";
import { unixfsCid } from "./cid.ts";
import { type Deployment, zDeployment } from "./gate/deployment.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A gate as a key network runs it. */
export interface Gate {
  /** One script, ASCII. */
  readonly code: string;
  readonly cid: GateCid;
  /** The digest inside the CID, as the registries store it. */
  readonly digest: GateDigest;
}

/** The names of lit-actions/deployments. */
export type DeploymentName = GateRelease["deployment"];

/**
 * Reads the pinned configuration that becomes part of the gate's bytes.
 * @param release which release of the gate is built for it; the first unless said otherwise
 */
export function readDeployment(name: DeploymentName, release = 1): Deployment {
  const file = new URL(`./deployments/${name}.json`, import.meta.url);
  const world = z.record(z.string(), z.json()).parse(JSON.parse(readFileSync(file, "utf8")));
  return zDeployment.parse({ release, ...world });
}

/**
 * Lets the bundler see which parts of zod are used. Our files import it as `{ z }`, an object that cannot be shaken;
 * as a namespace it can, and the gate has a third of the size. Every .ts file of the bundle is ours.
 */
const shakeZod: Plugin = {
  name: "shake-zod",
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace('import { z } from "zod";', 'import * as z from "zod";');
      return { contents, loader: "ts" };
    });
  },
};

/**
 * Bundles the gate into one script whose bytes depend on nothing but its sources, the locked packages and the
 * deployment: no path, no time, no environment. Whoever builds the same sources gets the same CID.
 */
export async function buildGate(deployment: Deployment = readDeployment("devnet")): Promise<Gate> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ["lit-actions/gate/entry.ts"],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    minify: true,
    legalComments: "none",
    sourcemap: false,
    tsconfigRaw: "{}",
    define: { DEPLOYMENT: JSON.stringify(deployment) },
    plugins: [shakeZod],
    logLevel: "silent",
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error("the bundler made no gate");
  const cid = await unixfsCid(output.contents);
  return { code: output.text, cid, digest: gateDigest(cid) };
}
