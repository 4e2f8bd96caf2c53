import type { Hono } from "hono";
import { z } from "zod";
import { createLoopbackApp, readJson } from "../../http/loopback.ts";
import type { Core } from "../core.ts";

const zClock = z.strictObject({ offsetSeconds: z.int() });

/**
 * What only a devnet has: everybody's mail and SMS, and a clock that can be moved. A real authenticator has nothing like
 * it, and the wallet never asks for it.
 */
export function controlApi(core: Core): Hono {
  const api = createLoopbackApp();

  /** Sent mails, newest first. */
  api.get("/inbox", (c) => c.json(core.store.state.inbox));

  /** Sent SMS, newest first. */
  api.get("/phone", (c) => c.json(core.store.state.phone));

  /** Sets how many seconds the authenticator's clock is ahead of the computer's. */
  api.post("/control/clock", async (c) => {
    core.store.state.clockOffset = zClock.parse(await readJson(c)).offsetSeconds;
    await core.store.save();
    return c.json({ now: core.clock.now() });
  });

  /** Makes a new signing key take over now. */
  api.post("/control/rotate-key", async (c) => c.json({ kid: (await core.keys.rotate()).kid }));

  return api;
}
