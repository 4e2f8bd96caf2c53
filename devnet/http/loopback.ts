import { serve } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AddressInfo } from "node:net";

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost"]);

/**
 * Refuses what does not come from this computer's own programs or from a page that this server served.
 *
 * Listening on loopback alone does not keep web pages out: any site open in the browser can send requests to
 * 127.0.0.1, and with DNS rebinding under a name of its own. So the Host must be a loopback one, and a
 * request that a browser made for another site is turned away.
 */
export const ownPagesOnly: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("host") ?? "";
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  const isLoopback = LOOPBACK_HOSTS.has(host.replace(/:\d+$/, ""));
  const isForeign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== "same-origin" && site !== "none");
  if (!isLoopback || isForeign) {
    throw new HTTPException(403, {
      message: "This devnet answers only to this computer and to its own page.",
    });
  }
  await next();
};

/** Errors as JSON: `{ error: { code, message, … } }`. */
export function errorResponse(
  context: Context,
  status: 400 | 403 | 404 | 409 | 422 | 500 | 502,
  error: ApiError,
) {
  return context.json({ error }, status);
}

export interface ApiError {
  code: string;
  message: string;
  data?: string;
}

/** An app that answers only to own pages, never caches, and turns every failure into JSON. */
export function createLoopbackApp(): Hono {
  const app = new Hono();
  app.use(ownPagesOnly);
  app.use(async (context, next) => {
    await next();
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
  });
  app.notFound((context) =>
    errorResponse(context, 404, { code: "not-found", message: `There is nothing at ${context.req.path}.` }),
  );
  app.onError((error, context) => {
    if (error instanceof HTTPException) {
      const code = error.status === 403 ? "forbidden" : "bad-request";
      return context.json({ error: { code, message: error.message } }, error.status);
    }
    return errorResponse(context, 500, { code: "internal", message: error.message });
  });
  return app;
}

export interface LoopbackServer {
  port: number;
  url: string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves `app` on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws what the system says when the port is taken
 */
export async function listenOnLoopback(app: Hono, port: number): Promise<LoopbackServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (info: AddressInfo) => {
      server.off("error", reject);
      resolve({
        port: info.port,
        url: `http://127.0.0.1:${info.port}`,
        close: () =>
          new Promise((closed, failed) => {
            server.close((error) => {
              if (error === undefined) closed();
              else failed(error);
            });
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.once("error", reject);
  });
}
