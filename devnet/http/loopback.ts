import { serve } from "@hono/node-server";
// The first server gives its process a quicker Request and Response, which body limits need. RESPONSE_ALREADY_SENT has to
// be there before that: made of the quicker Response, the server would answer over it.
import "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const MAX_BODY_BYTES = 1_000_000;
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
      message: "This devnet answers only to programs of this computer and to its own page.",
    });
  }
  await next();
};

/** A failure as a client sees it: `{ error: { code, message, … } }`. */
export interface Problem {
  status: ContentfulStatusCode;
  code: string;
  message: string;
  /** More about it, for programs. */
  details?: Record<string, string>;
}

/**
 * An app that answers only to own pages, never lets an answer be cached, and turns every failure into JSON.
 *
 * @param describe what the app's own errors mean to a client; undefined for those it does not know
 */
export function createLoopbackApp(describe: (error: Error) => Problem | undefined = () => undefined): Hono {
  const app = new Hono();
  app.use(ownPagesOnly);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseBody }));
  app.use(async (context, next) => {
    await next();
    context.header("Cache-Control", "no-store");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
  });
  app.notFound((context) =>
    answer(context, { status: 404, code: "not-found", message: `There is nothing at ${context.req.path}.` }),
  );
  app.onError((error, context) => answer(context, describe(error) ?? describeCommon(error)));
  return app;
}

function refuseBody(): never {
  throw new HTTPException(413, { message: `A request may have ${MAX_BODY_BYTES} bytes at most.` });
}

function describeCommon(error: Error): Problem {
  const { message } = error;
  if (error instanceof HTTPException) {
    const code = error.status === 403 ? "forbidden" : "bad-request";
    return { status: error.status, code, message };
  }
  if (error instanceof BadRequest) return { status: 400, code: "bad-request", message };
  if (error instanceof z.ZodError)
    return { status: 400, code: "bad-request", message: z.prettifyError(error) };
  return { status: 500, code: "internal", message };
}

function answer(context: Context, { status, code, message, details }: Problem): Response {
  return context.json({ error: { code, message, ...details } }, status);
}

/** A request that is not what the address expects. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/**
 * A request's body as JSON; an empty one is `{}`. Only of requests that say so in their Content-Type: a page
 * of another site cannot send those without being asked for permission first.
 */
export async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text();
  if (text === "") return {};
  if (!/^application\/json\b/.test(context.req.header("content-type") ?? "")) {
    throw new BadRequest("Send JSON, with Content-Type: application/json.");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest("The body is not JSON.");
  }
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
export async function listenOnLoopback(
  { fetch }: Pick<Parameters<typeof serve>[0], "fetch">,
  port: number,
): Promise<LoopbackServer> {
  const options = { fetch, hostname: "127.0.0.1", port };
  return new Promise((resolve, reject) => {
    const server = serve(options, (info: AddressInfo) => {
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
