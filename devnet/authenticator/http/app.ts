import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "../api/errors.ts";
import type { Core } from "../core.ts";
import { LIMITS } from "../limits.ts";
import { sdkApi, serverApi } from "./api.ts";
import { controlApi } from "./control.ts";
import { knownHostOnly } from "./guard.ts";
import { oauthApi, oauthProvider } from "./oauth.ts";
import { respondError } from "./respond.ts";

/**
 * The whole authenticator as one fetch handler.
 *
 * @param reportFault told of faults of the authenticator itself; callers' mistakes and their data never reach it
 */
export function createApp(core: Core, reportFault: (error: Error) => void): Hono {
  const app = new Hono();
  app.use(knownHostOnly);
  app.use(
    bodyLimit({
      maxSize: LIMITS.requestBytes,
      onError: (c) => respondError(c, new ApiError("bad_request")),
    }),
  );
  app.get("/health", (c) => c.json({ ok: true }));
  app.route("/sdk/v1", sdkApi(core));
  app.route("/v1", oauthApi(core));
  app.route("/v1", serverApi(core));
  app.route("/devnet-login", oauthProvider(core));
  app.route("/", controlApi(core));
  app.notFound((c) => respondError(c, new ApiError("route_not_found")));
  app.onError((error, c) => {
    const response = respondError(c, error);
    if (response.status === 500) reportFault(error);
    return response;
  });
  return app;
}
