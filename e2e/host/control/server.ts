import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { openUrl } from "../app/open-url.ts";
import { cancelable } from "../cancelable.ts";
import { beforeExit } from "../lifecycle.ts";
import { clipboard } from "../modules/clipboard.ts";
import { answers, savePaths } from "../modules/dialog.ts";
import { shown } from "../modules/notification.ts";
import { powerMonitor } from "../modules/power-monitor.ts";
import { opened } from "../modules/shell.ts";
import { say } from "../say.ts";
import { running } from "../utility/running.ts";
import { driverAttached } from "../window/driver.ts";
import { openWindows } from "../window/registry.ts";
import { type HostCommand, type HostState, zHostCommand } from "./protocol.ts";

async function state(): Promise<HostState> {
  return {
    windows: openWindows().map((window) => {
      const { width, height } = window.getBounds();
      return {
        id: window.id,
        title: window.getTitle(),
        url: window.webContents.getURL(),
        visible: window.isVisible(),
        focused: window.isFocused(),
        width,
        height,
      };
    }),
    opened,
    notifications: shown.map(({ title, body }) => ({ title, body })),
    clipboard: await clipboard.readText(),
    processes: [...running].flatMap(({ serviceName, pid }) =>
      pid === undefined ? [] : [{ name: serviceName, pid }],
    ),
  };
}

function carryOut(command: HostCommand): void {
  switch (command.do) {
    case "idle":
      powerMonitor.claimIdleTime(command.seconds ?? undefined);
      break;
    case "power":
      powerMonitor.happen(command.event);
      break;
    case "click-notification":
      shown[command.index]?.emit("click", cancelable({}));
      break;
    case "answer-dialog":
      answers.push(command.button);
      break;
    case "open-url":
      openUrl(command.url);
      break;
    case "driver-attached":
      driverAttached(command.emptyUrl);
      break;
    case "answer-save-dialog":
      savePaths.push(command.path);
      break;
  }
}

/** Listens on loopback for tests, and prints where. Only with TRIVET_HOST_CONTROL=1. */
export function startControl(): void {
  const api = new Hono();
  api.get("/state", async (context) => context.json(await state()));
  api.post("/command", async (context) => {
    const command = zHostCommand.safeParse(await context.req.json().catch(() => undefined));
    if (!command.success) return context.json({ error: command.error.message }, 400);
    carryOut(command.data);
    return context.body(null, 204);
  });
  // The wallet's main process is this one: it keeps the Request and Response that Node gives it.
  const options = { fetch: api.fetch, hostname: "127.0.0.1", port: 0, overrideGlobalObjects: false };
  const server = serve(options, ({ port }: AddressInfo) => {
    say(`Host control: http://127.0.0.1:${port}`);
  });
  beforeExit(() => {
    server.close();
  });
}
