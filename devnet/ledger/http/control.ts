import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SoftwareLedger } from "../device.ts";
import { zModelId } from "../models.ts";
import { zApproval } from "../screens/screen.ts";
import { zAppSettings, zAppVersion } from "../settings.ts";
import { readBody } from "./input.ts";

const zNothing = z.strictObject({});
const zSettings = zAppSettings.partial().extend({ approval: zApproval.optional() });
const zApp = z.strictObject({ open: z.boolean().optional(), version: zAppVersion.optional() });
const zPress = z.strictObject({ control: z.string() });

/**
 * What only hands on the device can do, for the devnet's page and for tests: plug, lock, settings, buttons. Every
 * answer is the state of the device.
 */
export function controlApi(device: SoftwareLedger): Hono<{ Bindings: HttpBindings }> {
  const api = new Hono<{ Bindings: HttpBindings }>();
  const state = (context: Context): Response => context.json(device.state);

  api.get("/state", state);

  /** A POST that does something and answers with the state. */
  const command = <T extends z.ZodType>(path: string, schema: T, act: (input: z.output<T>) => void): void => {
    api.post(path, async (context) => {
      act(await readBody(context, schema));
      return state(context);
    });
  };

  command("/settings", zSettings, ({ approval, ...settings }) => {
    if (approval) device.screen.approval = approval;
    device.setSettings(settings);
  });
  command("/lock", zNothing, () => device.lock());
  command("/unlock", zNothing, () => device.unlock());
  command("/app", zApp, (app) => device.setApp(app));
  command("/unplug", zNothing, () => device.unplug());
  command("/plug", zNothing, () => device.plug());
  command("/model", z.strictObject({ model: zModelId }), ({ model }) => device.setModel(model));
  command("/press", zPress, ({ control }) => device.screen.press(control));
  command("/approve", zNothing, () => device.screen.answer(true));
  command("/reject", zNothing, () => device.screen.answer(false));
  return api;
}
