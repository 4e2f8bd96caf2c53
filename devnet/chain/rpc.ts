import type { Hono } from "hono";
import { z } from "zod";
import { createLoopbackApp } from "../http/loopback.ts";
import type { Chain } from "./chain.ts";

/** What the chain's users may ask. Nothing here changes the chain but a signed transaction. */
const READS = new Set([
  "eth_blockNumber",
  "eth_call",
  "eth_chainId",
  "eth_estimateGas",
  "eth_feeHistory",
  "eth_gasPrice",
  "eth_getBalance",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getBlockTransactionCountByHash",
  "eth_getBlockTransactionCountByNumber",
  "eth_getCode",
  "eth_getLogs",
  "eth_getProof",
  "eth_getStorageAt",
  "eth_getTransactionByHash",
  "eth_getTransactionCount",
  "eth_getTransactionReceipt",
  "eth_maxPriorityFeePerGas",
  "eth_syncing",
  "net_version",
  "web3_clientVersion",
]);

const MAX_BATCH = 100;

const zRpcRequest = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});
const zRawTransactionParams = z.tuple([z.string().regex(/^0x([0-9a-fA-F]{2})+$/)]);
/** What the EVM's errors carry besides their message. */
const zEvmError = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() });

interface RpcResponse {
  jsonrpc: "2.0";
  id: string | number | null;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** What of a chain its users reach. */
export type RpcChain = Pick<Chain, "read" | "sendRawTransaction">;

/** The chain's public JSON-RPC over HTTP, as an app to be served on loopback. */
export function createRpcApp(chain: RpcChain): Hono {
  const app = createLoopbackApp();
  app.get("/health", (context) => context.json({ ok: true }));
  app.post("/", async (context) => {
    const text = await context.req.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return context.json(failure(null, -32700, "The request is not JSON."), 400);
    }
    if (!Array.isArray(body)) return context.json(await answer(chain, body));
    if (body.length === 0 || body.length > MAX_BATCH) {
      return context.json(failure(null, -32600, `A batch holds 1 to ${MAX_BATCH} requests.`), 400);
    }
    return context.json(await Promise.all(body.map((request) => answer(chain, request))));
  });
  return app;
}

async function answer(chain: RpcChain, body: unknown): Promise<RpcResponse> {
  const request = zRpcRequest.safeParse(body);
  if (!request.success) return failure(null, -32600, "This is not a JSON-RPC 2.0 request.");
  const { method, params, id = null } = request.data;
  try {
    return { jsonrpc: "2.0", id, result: await call(chain, method, params) };
  } catch (error) {
    if (error instanceof MethodNotAllowed) return failure(id, -32601, error.message);
    if (error instanceof z.ZodError) return failure(id, -32602, `${method} was given wrong parameters.`);
    const evm = zEvmError.safeParse(error);
    if (!evm.success) return failure(id, -32603, error instanceof Error ? error.message : String(error));
    return failure(id, evm.data.code, evm.data.message, evm.data.data);
  }
}

class MethodNotAllowed extends Error {
  override readonly name = "MethodNotAllowed";
}

async function call(chain: RpcChain, method: string, params: unknown[]): Promise<unknown> {
  if (method === "eth_sendRawTransaction") {
    const [transaction] = zRawTransactionParams.parse(params);
    return chain.sendRawTransaction(transaction);
  }
  if (!READS.has(method)) throw new MethodNotAllowed(`This chain has no method ${method}.`);
  return chain.read(method, params);
}

function failure(id: RpcResponse["id"], code: number, message: string, data?: unknown): RpcResponse {
  return { jsonrpc: "2.0", id, error: { code, message, ...(data == null ? {} : { data }) } };
}
