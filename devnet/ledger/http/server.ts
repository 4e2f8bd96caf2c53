import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { SoftwareLedger } from "../device.ts";
import { NoSuchControl } from "../screens/screen.ts";
import { controlApi } from "./control.ts";
import { BadRequest } from "./input.ts";
import { speculosApi } from "./speculos.ts";

const LOOPBACK = "127.0.0.1";
const LOOPBACK_NAMES: ReadonlySet<string> = new Set([LOOPBACK, "localhost", "[::1]"]);

/** Whether a page of that origin is served by this computer; a request of no page has no origin. */
function isLocal(origin: string | undefined): boolean {
  return origin === undefined || (URL.canParse(origin) && LOOPBACK_NAMES.has(new URL(origin).hostname));
}

/** The whole HTTP side of a software Ledger: the emulator's API, and ours under /trivet. */
function ledgerApi(device: SoftwareLedger): Hono<{ Bindings: HttpBindings }> {
  const api = new Hono<{ Bindings: HttpBindings }>();
  api.use(async (context, next) => {
    if (!isLocal(context.req.header("origin"))) {
      return context.json({ error: "only pages of this computer may use this Ledger" }, 403);
    }
    return next();
  });
  api.route("/trivet", controlApi(device));
  api.route("/", speculosApi(device));
  api.notFound((context) => context.json({ error: "there is nothing at this address" }, 404));
  api.onError((error, context) => {
    if (error instanceof BadRequest) return context.json({ error: error.message }, 400);
    if (error instanceof NoSuchControl) return context.json({ error: error.message }, 409);
    console.error(error);
    return context.json({ error: "internal error" }, 500);
  });
  return api;
}

export interface LedgerServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a software Ledger on loopback.
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export async function serveLedger(device: SoftwareLedger, port: number): Promise<LedgerServer> {
  const server = createAdaptorServer({ fetch: ledgerApi(device).fetch, createServer }) as Server;
  server.listen(port, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
