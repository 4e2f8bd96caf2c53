// The process of one node: `node devnet/key-network/node.ts CONFIG`, where CONFIG is a file that
// createKeyNetworkGenesis wrote. It says "ready" to the process that started it, which may make the node
// misbehave (`fault`) over the same channel.
import { z } from "zod";
import { listenOnLoopback } from "../http/loopback.ts";
import { answerRequests } from "../supervisor/channel.ts";
import { createNodeApp } from "./app.ts";
import { readNodeConfig } from "./config.ts";
import { KeyNode, zFault } from "./key-node.ts";

const [, , configPath] = process.argv;
if (configPath === undefined) throw new Error("Start a node with the path of its configuration.");

const config = await readNodeConfig(configPath);
const own = config.network.nodes.find(({ index }) => index === config.index);
if (own === undefined) throw new Error(`Node ${config.index} is not in its network.`);

const node = await KeyNode.open(config);
const server = await listenOnLoopback(createNodeApp(node), Number(new URL(own.url).port));

answerRequests({
  fault: async (params) => node.setFault(z.object({ fault: zFault }).parse(params).fault),
});

process.once("SIGTERM", () => {
  node.close();
  void server.close().finally(() => process.exit(0));
});
process.send?.("ready");
