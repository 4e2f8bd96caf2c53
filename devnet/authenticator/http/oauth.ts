/** The addresses that a browser visits during a social login: the authenticator's, and the devnet's provider. */
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { ownPagesOnly } from "../../http/loopback.ts";
import type { Core } from "../core.ts";
import { zEmail } from "../factors/email-code.ts";
import { finishFlow, startFlow, zStart } from "../factors/oauth/flow.ts";
import { PROVIDERS, type Provider, zKnownProvider } from "../factors/oauth/record.ts";
import { findRequest, grant } from "../oauth-provider/provider.ts";
import { toApiError } from "./respond.ts";

const zCallback = z.object({ state: z.string(), code: z.string().optional() });
const zDecision = z.discriminatedUnion("decision", [
  z.object({ decision: z.literal("continue"), state: z.string(), email: zEmail }),
  z.object({ decision: z.literal("cancel"), state: z.string() }),
]);

/** Below /v1: where a flow starts and where the provider sends the browser back to. */
export function oauthApi(core: Core): Hono {
  const api = new Hono();
  api.onError(showError);
  api.get("/public/oauth/:provider/start", async (c) => {
    const query = zStart.parse({ ...c.req.query(), provider: c.req.param("provider") });
    const state = startFlow(core, query);
    await core.store.save();
    const parameters = new URLSearchParams({ state });
    return c.redirect(`/devnet-login/${query.provider}?${parameters.toString()}`);
  });
  api.get("/oauth/callback/:provider", async (c) => {
    const next = finishFlow(core, zCallback.parse(c.req.query()));
    await core.store.save();
    return c.redirect(next);
  });
  return api;
}

/** Below /devnet-login: stands for Google, Apple and the like. One types who one is; it asks for no password. */
export function oauthProvider(core: Core): Hono {
  const app = new Hono();
  app.onError(showError);
  app.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
    // Not "no-referrer": Chromium then sends the form with the origin "null", which ownPagesOnly turns away.
    c.header("Referrer-Policy", "same-origin");
    c.header("X-Content-Type-Options", "nosniff");
    // Chromium applies form-action to the redirects that follow: they lead to the app.
    c.header(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; " +
        "form-action 'self' http://127.0.0.1:* http://localhost:* trivet:",
    );
  });
  app.get("/:provider", (c) => {
    const provider = zKnownProvider.parse(c.req.param("provider"));
    const state = c.req.query("state") ?? "";
    findRequest(core, provider, state);
    return c.html(page(provider, state));
  });
  // Only its own page may decide: else any page could log in its visitor as somebody else.
  app.post("/:provider", ownPagesOnly, async (c) => {
    const provider = zKnownProvider.parse(c.req.param("provider"));
    const decision = zDecision.parse(await c.req.parseBody());
    findRequest(core, provider, decision.state);
    const parameters = new URLSearchParams({ state: decision.state });
    if (decision.decision === "cancel") parameters.set("error", "access_denied");
    else parameters.set("code", grant(core, provider, decision.state, decision.email));
    await core.store.save();
    return c.redirect(`/v1/oauth/callback/${provider}?${parameters.toString()}`, 303);
  });
  return app;
}

function page(provider: Provider, state: string) {
  const name = PROVIDERS[provider];
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${name} on the devnet</title>
      <style>
        body {
          font:
            16px/1.5 system-ui,
            sans-serif;
          max-width: 26rem;
          margin: 4rem auto;
          padding: 0 1rem;
        }
        label,
        input {
          display: block;
          width: 100%;
          box-sizing: border-box;
        }
        input,
        button {
          font: inherit;
          padding: 0.5rem 0.75rem;
        }
        menu {
          display: flex;
          gap: 0.5rem;
          padding: 0;
        }
      </style>
      <h1>${name} on the devnet</h1>
      <p>
        This page stands for ${name}. It asks for no password: type who you are, and the wallet is told so.
        Nothing leaves this computer.
      </p>
      <form method="post" id="login">
        <input type="hidden" name="state" value="${state}" />
        <label>Email address <input type="email" name="email" required autofocus autocomplete="off" /></label>
        <menu>
          <button name="decision" value="continue">Continue</button>
          <button name="decision" value="cancel" formnovalidate>Cancel</button>
        </menu>
      </form>
    </html>`;
}

/** What went wrong, for a person in a browser. */
function showError(error: Error, c: Context): Response | Promise<Response> {
  if (error instanceof HTTPException) return error.getResponse();
  const { message, type, status } = toApiError(error);
  const body = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>Log-in failed</title>
      <h1>Log-in failed</h1>
      <p>${message} (${type})</p>
      <p>Go back to the wallet and try again.</p>
    </html>`;
  return c.html(body, status);
}
