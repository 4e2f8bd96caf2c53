import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { Call, Dialect, Endpoint } from "../api/endpoint.ts";
import { ApiError } from "../api/errors.ts";
import type { Core } from "../core.ts";
import { COMMON_ENDPOINTS } from "../factors/index.ts";
import { sessionEndpoints } from "../sessions/endpoints.ts";
import { newId } from "../state/ids.ts";
import { userEndpoints } from "../users/endpoints.ts";
import { loopbackOrigin } from "./guard.ts";
import { readSdkCall, readServerCall } from "./read-call.ts";

/** The API for apps, below /sdk/v1. Answers are wrapped in `data`. */
export function sdkApi(core: Core): Hono {
  const api = new Hono();
  // Apps in a browser send credentials; on a real project the dashboard lists their origins, here it is this computer.
  api.use(
    cors({
      origin: (origin) => loopbackOrigin(origin),
      allowMethods: ["GET", "POST", "PUT", "DELETE"],
      allowHeaders: ["Authorization", "Content-Type", "X-SDK-Client", "X-SDK-Parent-Host"],
      credentials: true,
      maxAge: 600,
    }),
  );
  serveEndpoints(api, core, "sdk", readSdkCall, (c, { user, ...answer }) =>
    // Stytch's own client takes the user from `__user` after a change, everybody else from `user`.
    c.json({ data: user === undefined ? answer : { ...answer, user, __user: user } }),
  );
  api.get("/projects/bootstrap/:public_token", (c) => {
    if (c.req.param("public_token") !== core.identity.publicToken) throw new ApiError("project_not_found");
    return c.json({ data: { ...common(), ...BOOTSTRAP } });
  });
  // Usage events of Stytch's client: taken and dropped.
  api.post("/events", (c) => c.json({ data: common() }));
  return api;
}

/** The API for back ends, below /v1, as far as they need it to check sessions. */
export function serverApi(core: Core): Hono {
  const api = new Hono();
  api.get("/sessions/jwks/:project_id", async (c) => {
    if (c.req.param("project_id") !== core.identity.projectId) throw new ApiError("project_not_found");
    return c.json({ ...common(), keys: await core.keys.published() });
  });
  serveEndpoints(api, core, "server", readServerCall, (c, answer) => c.json(answer));
  return api;
}

function serveEndpoints(
  api: Hono,
  core: Core,
  dialect: Dialect,
  readCall: (core: Core, c: Context) => Promise<Call<unknown>>,
  respond: (c: Context, answer: Record<string, unknown>) => Response,
): void {
  const all: Endpoint[] = [
    ...core.factors.flatMap(({ endpoints }) => endpoints),
    ...COMMON_ENDPOINTS,
    ...sessionEndpoints,
    ...userEndpoints,
  ];
  for (const { method, path, answer } of all.filter(({ dialects }) => dialects.includes(dialect))) {
    api.on(method, path, async (c) => {
      const call = await readCall(core, c);
      try {
        return respond(c, { ...common(), ...(await answer(core, call)) });
      } finally {
        // Failures change the state too: they are counted. Nothing is answered before it is on the disk.
        if (method !== "GET") await core.store.save();
      }
    });
  }
}

function common() {
  return { status_code: 200, request_id: newId("request-id") };
}

/** What Stytch's client asks about the project when it starts: no captcha, no fingerprinting, no watermark. */
const BOOTSTRAP = {
  project_name: "Trivet devnet",
  vertical: "CONSUMER",
  disable_sdk_watermark: true,
  cname_domain: null,
  email_domains: [],
  captcha_settings: { enabled: false },
  pkce_required_for_email_magic_links: false,
  pkce_required_for_password_resets: false,
  pkce_required_for_oauth: true,
  pkce_required_for_sso: false,
  slug_pattern: null,
  create_organization_enabled: false,
  password_config: null,
  dfp_protected_auth_enabled: false,
  rbac_policy: null,
  siwe_required_for_crypto_wallets: false,
} as const;
