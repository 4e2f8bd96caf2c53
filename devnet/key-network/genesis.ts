import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import type { NodeConfig } from "./config.ts";
import { IDENTITY_FILE } from "./key-node.ts";
import { zIdentityKey } from "./transport/identity.ts";

/** What the nodes are to be told. */
export interface GenesisOptions extends Pick<
  NodeConfig,
  "rpcUrl" | "factorRegistry" | "gateRegistry" | "hosts"
> {
  /** Where every node's folder is; what is in it already stays. */
  readonly stateDir: string;
  /** One node listens on each. The first is node 1. */
  readonly ports: readonly number[];
}

/** A node that can be started: `fork(NODE_SCRIPT, [configPath])`. */
export interface GenesisNode {
  readonly index: number;
  readonly url: string;
  readonly port: number;
  readonly configPath: string;
}

/** The node's program; its one argument is the path of its configuration. */
export const NODE_SCRIPT = fileURLToPath(new URL("node.ts", import.meta.url));

const CREATE_IDENTITY = fileURLToPath(new URL("transport/create-identity.ts", import.meta.url));
/** One of four nodes may be bad or gone; any three sign. */
const DEGREE = 1;

/**
 * Introduces the nodes to each other: every node gets an identity, if it has none yet, and a configuration that
 * names all of them. Run it before every start; ports may change, identities and keys stay.
 */
export async function createKeyNetworkGenesis(options: GenesisOptions): Promise<GenesisNode[]> {
  const { stateDir, ports, rpcUrl, factorRegistry, gateRegistry, hosts } = options;
  const nodes = await Promise.all(
    ports.map(async (port, position) => {
      const index = position + 1;
      const folder = join(stateDir, `node-${index}`);
      const publicKey = await createIdentity(join(folder, IDENTITY_FILE));
      return { index, port, url: `http://127.0.0.1:${port}`, folder, publicKey };
    }),
  );
  const network = {
    degree: DEGREE,
    nodes: nodes.map(({ index, url, publicKey }) => ({ index, url, publicKey })),
  };
  return Promise.all(
    nodes.map(async ({ index, port, url, folder }) => {
      const config: NodeConfig = {
        index,
        stateDir: folder,
        network,
        rpcUrl,
        factorRegistry,
        gateRegistry,
        hosts,
      };
      const configPath = join(folder, "config.json");
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(configPath, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
      return { index, url, port, configPath };
    }),
  );
}

/** In a process of its own: this one, which starts all nodes, never sees a private key of theirs. */
async function createIdentity(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CREATE_IDENTITY, file]);
  return z.string().trim().pipe(zIdentityKey).parse(stdout);
}
