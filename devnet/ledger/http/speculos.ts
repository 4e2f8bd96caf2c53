import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { z } from "zod";
import type { SoftwareLedger } from "../device.ts";
import { DeviceGone } from "../screens/screen.ts";
import { Automation, zAutomation } from "./automation.ts";
import { breakOff, EventStreams, type LedgerContext } from "./connections.ts";
import { BUTTON, type Button, Fingers } from "./fingers.ts";
import { readBody } from "./input.ts";
import { TextEvents } from "./text-events.ts";

const zApdu = z.object({
  data: z.string().regex(/^([a-fA-F0-9]{2})+$/, "must be the command in hexadecimal"),
});

const zPress = z.object({
  action: z.enum(["press", "release", "press-and-release"]),
  /** Seconds between press and release. */
  delay: z.number().nonnegative().default(0.1),
});

const pixel = z.int().nonnegative();
const zFinger = zPress.extend({ x: pixel, y: pixel, x2: pixel.optional(), y2: pixel.optional() });

const BUTTONS: Record<string, readonly Button[]> = {
  left: [BUTTON.left],
  right: [BUTTON.right],
  both: [BUTTON.left, BUTTON.right],
};

/**
 * The HTTP API of Ledger's emulator (Speculos), as far as hosts and tests use it: what speaks to the emulator
 * speaks to this. While the device is unplugged every connection is broken off.
 */
export function speculosApi(device: SoftwareLedger): Hono<{ Bindings: HttpBindings }> {
  const texts = new TextEvents(device);
  const streams = new EventStreams(device, texts);
  const fingers = new Fingers(device.screen);
  const automation = new Automation(texts, fingers);

  const whilePluggedIn =
    (handler: (context: LedgerContext) => Response | Promise<Response>) =>
    (context: LedgerContext): Response | Promise<Response> =>
      device.pluggedIn ? handler(context) : breakOff(context);

  const api = new Hono<{ Bindings: HttpBindings }>();

  api.post(
    "/apdu",
    whilePluggedIn(async (context) => {
      const { data } = await readBody(context, zApdu);
      try {
        const answer = await device.apdu(Buffer.from(data, "hex"));
        return context.json({ data: Buffer.from(answer).toString("hex") });
      } catch (error) {
        if (error instanceof DeviceGone) return breakOff(context);
        throw error;
      }
    }),
  );

  api.get(
    "/events",
    whilePluggedIn((context) => {
      if (context.req.query("stream") === "true") return streams.connect(context);
      const current = context.req.query("currentscreenonly") === "true";
      return context.json({ events: current ? texts.current : texts.all });
    }),
  );

  api.delete(
    "/events",
    whilePluggedIn((context) => {
      texts.clear();
      return context.json({});
    }),
  );

  api.post(
    "/button/:name{left|right|both}",
    whilePluggedIn(async (context) => {
      const { action } = await readBody(context, zPress);
      const buttons = BUTTONS[context.req.param("name") ?? ""] ?? [];
      if (action !== "release") for (const button of buttons) fingers.button(button, true);
      if (action !== "press") for (const button of buttons) fingers.button(button, false);
      return context.json({});
    }),
  );

  api.post(
    "/finger",
    whilePluggedIn(async (context) => {
      const { action, delay, x, y, x2 = x, y2 = y } = await readBody(context, zFinger);
      if (action !== "release") fingers.finger({ x, y }, true);
      if (action === "release") fingers.finger({ x, y }, false);
      if (action === "press-and-release") fingers.finger({ x: x2, y: y2 }, false, delay * 1000);
      return context.json({});
    }),
  );

  api.post(
    "/automation",
    whilePluggedIn(async (context) => {
      const { rules } = await readBody(context, zAutomation);
      automation.set(rules);
      return context.json({});
    }),
  );

  return api;
}
