import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { ownPagesOnly } from "../http/loopback.ts";
import { messageOf, NodeError } from "./errors.ts";
import { MAX_BODY_BYTES, zCreateKeyRequest, zExecuteRequest } from "./gate/request.ts";
import type { KeyNode } from "./key-node.ts";
import { PEER_PATH } from "./transport/peers.ts";
import { zSealedMessage } from "./transport/sealing.ts";

/** The error body that the Lit client passes on. */
interface ErrorBody {
  readonly errorCode: string;
  readonly errorKind: "Trivet";
  readonly message: string;
}

/** A node's HTTP: Lit's paths, the network's own, and the door for other nodes. */
export function createNodeApp(node: KeyNode): Hono {
  const app = new Hono();
  app.use(ownPagesOnly);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => tooLarge() }));

  app.get("/health", (context) => context.json(node.health()));
  app.post("/web/handshake/", async (context) => context.json(await node.handshake()));
  app.post("/web/execute/v1", async (context) => {
    return context.json(await node.execute(await readBody(context.req.raw, zExecuteRequest)));
  });
  app.post("/trivet/keys", async (context) => {
    return context.json(await node.createKey(await readBody(context.req.raw, zCreateKeyRequest)));
  });
  app.post(PEER_PATH, async (context) => {
    const reply = await node.receive(await readBody(context.req.raw, zSealedMessage));
    return reply === undefined ? context.body(null, 204) : context.json(reply);
  });

  app.notFound((context) =>
    context.json(errorBody("not-found", `A node has nothing at ${context.req.path}.`), 404),
  );
  app.onError((error, context) => {
    const known = toNodeError(error);
    if (known.status === 500) console.error(`${known.code}: ${known.message}`, known.cause);
    // The rest of a body that was not read would be taken for the next request.
    if (known.status === 413) context.header("Connection", "close");
    return context.json(errorBody(known.code, known.message), known.status);
  });
  return app;
}

async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await request.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problem = z.prettifyError(parsed.error).slice(0, 500);
  throw new NodeError("request-malformed", `The request is not of the known form. ${problem}`);
}

function toNodeError(error: Error): NodeError {
  if (error instanceof NodeError) return error;
  if (error instanceof HTTPException) {
    return new NodeError(error.status === 403 ? "forbidden" : "request-malformed", error.message, {
      status: error.status === 403 ? 403 : 400,
    });
  }
  return new NodeError("internal", `This node failed: ${messageOf(error)}`, { status: 500, cause: error });
}

function errorBody(errorCode: string, message: string): ErrorBody {
  return { errorCode, errorKind: "Trivet", message };
}

function tooLarge(): never {
  throw new NodeError("request-too-large", `A request may have ${MAX_BODY_BYTES} bytes at most.`, {
    status: 413,
  });
}
