import { createServer } from "node:http";
import { z } from "zod";
import type { World } from "#contracts/testing/world.ts";

const zRequest = z.object({
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});
const zFailure = z.object({
  message: z.string(),
  code: z.number().default(-32603),
  data: z.unknown().optional(),
});

export interface RpcServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves a test chain over HTTP to every page, as providers do. */
export async function serveRpc(world: World): Promise<RpcServer> {
  const request = world.chain.publicClient.request as (args: {
    method: string;
    params: unknown[];
  }) => Promise<unknown>;

  async function answer(body: string): Promise<unknown> {
    const { id, method, params } = zRequest.parse(JSON.parse(body));
    try {
      return { jsonrpc: "2.0", id, result: await request({ method, params }) };
    } catch (error) {
      const { message, code, data } = zFailure.parse(error);
      return { jsonrpc: "2.0", id, error: { code, message, data: data ?? dataOf(error) } };
    }
  }

  const server = createServer((incoming, outgoing) => {
    const headers = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "content-type",
      "content-type": "application/json",
    };
    if (incoming.method === "OPTIONS") {
      outgoing.writeHead(204, headers).end();
      return;
    }
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
    incoming.on("end", () => {
      answer(body).then(
        (result) => outgoing.writeHead(200, headers).end(JSON.stringify(result)),
        (error: unknown) => outgoing.writeHead(400, headers).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The bytes of a refusal, which viem's errors hold in their causes. */
function dataOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return undefined;
  if ("data" in error && error.data !== undefined) return error.data;
  return "cause" in error ? dataOf(error.cause) : undefined;
}
