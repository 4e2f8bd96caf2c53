import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { listenOnLoopback, type LoopbackServer } from "../../http/loopback.ts";
import type { SoftwareLedger } from "../device.ts";
import { NoSuchControl } from "../screens/screen.ts";
import { controlApi } from "./control.ts";
import { BadRequest } from "./input.ts";
import { speculosApi } from "./speculos.ts";

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

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

export type LedgerServer = Pick<LoopbackServer, "url" | "close">;

/**
 * Serves a software Ledger on loopback.
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export function serveLedger(device: SoftwareLedger, port: number): Promise<LedgerServer> {
  return listenOnLoopback(ledgerApi(device), port);
}
