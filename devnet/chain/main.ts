// The chain's process: `node devnet/chain/main.ts --port N --state DIR`. Its clock is moved only over the
// channel to the process that started it.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { listenOnLoopback } from "../http/loopback.ts";
import { answerRequests } from "../supervisor/channel.ts";
import { Chain } from "./chain.ts";
import { createRpcApp } from "./rpc.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, state: { type: "string" } } });
const options = z.object({ port: z.coerce.number().int(), state: z.string() }).parse(values);

const chain = await Chain.open(join(options.state, "journal.jsonl"));
const server = await listenOnLoopback(createRpcApp(chain), options.port);

answerRequests({
  advance: async (request) => chain.advance(z.object({ seconds: z.number() }).parse(request).seconds),
  time: async () => chain.time(),
});

process.once("SIGTERM", () => {
  void server
    .close()
    .then(() => chain.close())
    .finally(() => process.exit(0));
});
