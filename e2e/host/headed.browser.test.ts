import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Fixture, startFixture } from "./fixture/start.ts";

const hasScreen = process.platform === "linux" && spawnSync("Xvfb", ["-help"]).error === undefined;

/** Windows on a screen that nobody sees. Skipped where there is no Xvfb. */
describe.skipIf(!hasScreen)("on a screen", () => {
  let screen: ChildProcess;
  let fixture: Fixture;

  beforeAll(async () => {
    screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    const [display] = (await once(screen.stdio[3] as Readable, "data")) as [Buffer];
    fixture = await startFixture({ env: { ...process.env, DISPLAY: `:${display.toString().trim()}` } });
  });
  afterAll(async () => {
    await fixture[Symbol.asyncDispose]();
    screen.kill();
  });

  test("a window is all page, without tabs and address bar", async () => {
    expect(fixture.lines.join("\n")).not.toContain("headless");
    const sizes = () => fixture.page.evaluate(() => [innerWidth, innerHeight, outerWidth, outerHeight]);
    await vi.waitFor(async () => {
      // Without a window manager there is no title bar either.
      expect(await sizes()).toEqual([900, 600, 900, 600]);
    });
  });

  test("a second window has the size and the page the app gave it", async () => {
    const [context] = fixture.browser.contexts();
    const appearing = context!.waitForEvent("page");
    await fixture.invoke("open");
    const second = await appearing;
    await vi.waitFor(async () => {
      expect(await second.evaluate(() => [outerWidth, outerHeight])).toEqual([500, 400]);
    });
    expect(await second.evaluate(() => typeof Reflect.get(window, "api"))).toBe("object");
    await second.close();
  });

  test("links open no tabs", async () => {
    const { page, control, browser } = fixture;
    await page.locator("#popup").click();
    await page.locator("#away").click({ modifiers: ["ControlOrMeta"] });
    await page.locator("#away").click({ button: "middle" });
    await vi.waitFor(async () => {
      expect((await control.state()).opened).toHaveLength(3);
    });
    await vi.waitFor(() => {
      expect(browser.contexts()[0]!.pages()).toEqual([page]);
    });
  });
});
