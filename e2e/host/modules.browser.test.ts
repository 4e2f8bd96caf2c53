import { readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { createProfile, type Fixture, type FixtureWindow, startFixture } from "./fixture/start.ts";

declare const window: Window & FixtureWindow;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const events = async () => (await fixture.invoke("events")) as unknown[];

describe("what the stand-in lacks", () => {
  test.each([
    ["a whole module", "electron", ["Tray"], "Tray.anything is not part of the stand-in"],
    ["a function of a module", "electron", ["shell"], "shell.anything is not part of the stand-in"],
    ["a function of the app", "read", ["app", "getFileIcon"], "App.getFileIcon is not part"],
    ["a function of a window", "read", ["window", "setProgressBar"], "BrowserWindow.setProgressBar is not"],
    ["an event", "listen", ["certificate-error"], 'event "certificate-error" is not part of the stand-in'],
  ])("%s throws when it is used", async (_what, channel, args, words) => {
    await expect(fixture.invoke(channel, ...args)).rejects.toThrow(words);
  });

  test.each([
    [{ sandbox: false, contextIsolation: true }],
    [{ sandbox: true, contextIsolation: false }],
    [{ sandbox: true }],
    [{ sandbox: true, contextIsolation: true, nodeIntegration: true }],
    [{ sandbox: true, contextIsolation: true, webSecurity: false }],
    [{ sandbox: true, contextIsolation: true, partition: "other" }],
  ])("a window with %o is refused", async (preferences) => {
    await expect(fixture.invoke("bad", preferences)).rejects.toThrow(/not part of the stand-in/);
    expect((await fixture.control.state()).windows).toHaveLength(1);
  });
});

describe("utility processes", () => {
  test("copy messages as structured clone does", async () => {
    const same = await fixture.page.evaluate(async () => {
      const value = { big: 2n ** 100n, bytes: new Uint8Array([1, 255]), map: new Map([["at", new Date(5)]]) };
      const { big, bytes, map } = (await window.api.invoke("utility-echo", value)) as typeof value;
      return [
        big === value.big,
        bytes instanceof Uint8Array && bytes[1] === 255,
        map instanceof Map && map.get("at")?.getTime() === 5,
      ];
    });
    expect(same).toEqual([true, true, true]);
  });

  test("have Electron's ways to talk and not Node's, and no Electron inside", async () => {
    expect(await fixture.invoke("utility-environment")).toEqual([
      { send: "undefined", type: "utility" },
      expect.stringContaining('"electron" in a utility process is not part of the stand-in'),
    ]);
  });

  test("tell how they ended", async () => {
    expect(await fixture.invoke("utility-exit", "exit")).toBe(7);
    expect(await events()).toContainEqual(["child-gone", "abnormal-exit", 7]);
    expect(await fixture.invoke("utility-exit", "kill")).toBe(15);
    expect(await events()).toContainEqual(["child-gone", "killed", 15]);
  });
});

describe("safeStorage", () => {
  test("seals a text that only the same profile opens, and says it is not secure", async () => {
    const { sealed, backend } = (await fixture.invoke("seal", "the secret")) as {
      sealed: Uint8Array;
      backend: string;
    };
    expect(backend).toBe("basic_text");
    expect(Buffer.from(sealed).includes("the secret")).toBe(false);
    expect(await fixture.invoke("unseal", sealed)).toBe("the secret");
    expect(fixture.lines.join("\n")).toContain("NOT secure");
    const keyFile = path.join(fixture.userData, "stand-in-safe-storage.key");
    expect(readFileSync(keyFile)).toHaveLength(32);
    if (process.platform !== "win32") expect(statSync(keyFile).mode & 0o777).toBe(0o600);

    await using stranger = await startFixture();
    await expect(stranger.invoke("unseal", sealed)).rejects.toThrow(/Error while decrypting/);
    sealed[sealed.length - 1]! ^= 1;
    await expect(fixture.invoke("unseal", sealed)).rejects.toThrow(/Error while decrypting/);
  });

  test("opens after a restart what was sealed before", async () => {
    const { folder: userData } = createProfile();
    let sealed: unknown;
    {
      await using before = await startFixture({ userData });
      ({ sealed } = (await before.invoke("seal", "kept")) as { sealed: unknown });
    }
    {
      await using after = await startFixture({ userData });
      expect(await after.invoke("unseal", sealed)).toBe("kept");
    }
    rmSync(userData, { recursive: true });
  });
});

describe("the computer", () => {
  test("is idle for as long as a test says, else since the last touch of a window", async () => {
    const { control, page } = fixture;
    await control.command({ do: "idle", seconds: 900 });
    expect(await fixture.invoke("idle")).toBe(900);
    await control.command({ do: "idle", seconds: null });
    await page.mouse.click(1, 1);
    expect(await fixture.invoke("idle")).toBeLessThan(900);
  });

  test("sleeps and locks its screen when a test says so", async () => {
    await fixture.control.command({ do: "power", event: "suspend" });
    await fixture.control.command({ do: "power", event: "lock-screen" });
    expect(await events()).toEqual(expect.arrayContaining(["suspend", "lock-screen"]));
  });
});

describe("the desktop", () => {
  test("gets notifications and clicks on them", async () => {
    await fixture.invoke("notify", "Recovery started");
    expect((await fixture.control.state()).notifications).toEqual([
      { title: "Recovery started", body: "body" },
    ]);
    await fixture.control.command({ do: "click-notification", index: 0 });
    expect(await events()).toContainEqual(["clicked", "Recovery started"]);
  });

  test("gets what the app copies", async () => {
    await fixture.invoke("copy", "0x1234");
    expect((await fixture.control.state()).clipboard).toBe("0x1234");
  });

  test("pages follow the theme that the app chooses", async () => {
    const dark = () => fixture.page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    expect(await fixture.invoke("theme", "dark")).toBe(true);
    await vi.waitFor(async () => {
      expect(await dark()).toBe(true);
    });
    expect(await fixture.invoke("theme", "light")).toBe(false);
    await vi.waitFor(async () => {
      expect(await dark()).toBe(false);
    });
  });
});

describe("windows", () => {
  test("have the size the app asks for", async () => {
    expect(await fixture.invoke("bounds")).toMatchObject({ width: 900, height: 600 });
    expect(await fixture.page.evaluate(() => [innerWidth, innerHeight])).toEqual([900, 600]);
  });

  test("open beside each other and tell when they close or crash", async () => {
    const context = fixture.browser.contexts()[0]!;
    const appearing = context.waitForEvent("page");
    expect(await fixture.invoke("open")).toEqual({ visible: false, children: 1 });
    const second = await appearing;
    const { windows } = await fixture.control.state();
    expect(windows.map(({ url, visible }) => [url, visible])).toEqual(
      expect.arrayContaining([
        ["app://fixture/", true],
        ["app://fixture/", false],
      ]),
    );

    const session = await context.newCDPSession(second);
    // The page that should answer is gone.
    session.send("Page.crash").catch(() => undefined);
    await vi.waitFor(async () => {
      expect(await events()).toContainEqual(["gone", "crashed"]);
    });
    await second.close();
    await vi.waitFor(async () => {
      expect(await events()).toContain("second closed");
    });
    expect((await fixture.control.state()).windows).toHaveLength(1);
  });
});

test("the app knows its name, version and profile", async () => {
  expect(await fixture.invoke("info")).toEqual({
    name: packageJson.name,
    version: packageJson.version,
    packaged: false,
    userData: fixture.userData,
  });
});
