import { Hono } from "hono";
import { z } from "zod";
import type { Core } from "../core.ts";
import { noWebPage } from "./guard.ts";

const zClock = z.strictObject({ offsetSeconds: z.int() });

/**
 * What only a devnet has: everybody's mail, and a clock that can be moved. A real authenticator has nothing like
 * it, and the wallet never asks for it.
 */
export function controlApi(core: Core): Hono {
  const api = new Hono();
  api.use("/inbox", noWebPage);
  api.use("/control/*", noWebPage);

  /** Sent mails, newest first. */
  api.get("/inbox", (c) => c.json(core.store.state.inbox));

  /** Sets how many seconds the authenticator's clock is ahead of the computer's. */
  api.post("/control/clock", async (c) => {
    const clock = zClock.safeParse(await c.req.json().catch(() => undefined));
    if (!clock.success) return c.json({ error: "Send {offsetSeconds: a whole number}." }, 400);
    core.store.state.clockOffset = clock.data.offsetSeconds;
    await core.store.save();
    return c.json({ now: core.clock.now() });
  });

  /** Makes a new signing key take over now. */
  api.post("/control/rotate-key", async (c) => c.json({ kid: (await core.keys.rotate()).kid }));

  api.get("/health", (c) => c.json({ ok: true }));
  return api;
}
