import path from "node:path";
import { rmSync } from "node:fs";
import { chromium } from "playwright-core";
import { expect, test, vi } from "vitest";
import { hostControl } from "./control/client.ts";
import { createProfile, SHOWN } from "./fixture/start.ts";
import { launchStandIn } from "./launch.ts";

test("a window that a test drives shows nothing before the driver is attached to it", async () => {
  const { folder, networkFile } = createProfile();
  const app = await launchStandIn({
    main: path.join(import.meta.dirname, "fixture", "main.ts"),
    networkFile,
    userData: path.join(folder, "profile"),
    control: true,
    env: process.env,
  });
  const control = hostControl(app.controlUrl ?? "");
  const browser = await chromium.connectOverCDP(app.devToolsUrl, { noDefaults: true });
  const pages = () => browser.contexts().flatMap((context) => context.pages());
  const page = await vi.waitUntil(() => pages()[0]);
  const emptyUrl = page.url();
  expect(emptyUrl).toMatch(/^data:/);
  expect((await control.state()).windows).toMatchObject([{ url: "" }]);

  await control.command({ do: "driver-attached", emptyUrl: "data:text/html,another" });
  expect((await control.state()).windows).toMatchObject([{ url: "" }]);
  await control.command({ do: "driver-attached", emptyUrl });
  await page.waitForURL(SHOWN);
  await browser.close();
  await app.stop();
  rmSync(folder, { recursive: true });
});
