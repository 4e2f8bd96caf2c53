import { fileURLToPath } from "node:url";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { listenOnLoopback, type LoopbackServer } from "#devnet/http/loopback.ts";

const RENDERER = fileURLToPath(new URL("../../out/renderer", import.meta.url));

/** Serves the built pages of the app as any web server could, and at /framed one of them in a frame. */
export async function serveRenderer(): Promise<LoopbackServer> {
  const app = new Hono();
  app.get("/framed", (context) => context.html('<iframe src="/"></iframe>'));
  app.use(serveStatic({ root: RENDERER }));
  return listenOnLoopback(app, 0);
}
