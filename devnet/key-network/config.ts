import { readFile } from "node:fs/promises";
import { z } from "zod";
import { zAddress } from "#core/primitives/address.ts";
import { zNetwork } from "./transport/network.ts";

/** Everything a node is started with; one JSON file per node. */
export const zNodeConfig = z
  .strictObject({
    index: z.int().positive(),
    /** The node's own folder: its identity, its shares, its log of requests. */
    stateDir: z.string().min(1),
    network: zNetwork,
    rpcUrl: z.url(),
    factorRegistry: zAddress,
    gateRegistry: zAddress,
    /** Host names that gates may reach, each with the `address:port` behind it. */
    hosts: z.record(z.string(), z.string().regex(/^[^\s/:]+:\d+$/)),
  })
  .refine(({ index, network }) => network.nodes.some((node) => node.index === index), {
    message: "must be one of the network's nodes",
    path: ["index"],
  });
export type NodeConfig = z.output<typeof zNodeConfig>;

export async function readNodeConfig(file: string): Promise<NodeConfig> {
  return zNodeConfig.parse(JSON.parse(await readFile(file, "utf8")));
}
