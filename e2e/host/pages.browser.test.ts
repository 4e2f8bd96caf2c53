import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Fixture, type FixtureWindow, SHOWN, startFixture } from "./fixture/start.ts";

declare const window: Window & FixtureWindow;

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const events = async () => (await fixture.invoke("events")) as unknown[];

describe("messages", () => {
  test("carry what JSON cannot, there and back", async () => {
    const same = await fixture.page.evaluate(async () => {
      const [big, bytes, map, date, set, nothing] = (await window.api.invoke(
        "echo",
        2n ** 200n,
        new Uint8Array([0, 255]),
        new Map([["key", { deep: [1n] }]]),
        new Date(0),
        new Set(["a"]),
        undefined,
      )) as [bigint, Uint8Array, Map<string, { deep: bigint[] }>, Date, Set<string>, undefined];
      return [
        big === 2n ** 200n,
        bytes instanceof Uint8Array && bytes[1] === 255,
        map instanceof Map && map.get("key")?.deep[0] === 1n,
        date instanceof Date && date.getTime() === 0,
        set instanceof Set && set.has("a"),
        typeof nothing === "undefined",
      ];
    });
    expect(same).toEqual([true, true, true, true, true, true]);
  });

  test("fail with Electron's words", async () => {
    const words = (channel: string) =>
      fixture.page.evaluate(
        (name) => window.api.invoke(name).catch((error: unknown) => (error as Error).message),
        channel,
      );
    expect(await words("fail")).toBe("Error invoking remote method 'fail': TypeError: kaboom");
    expect(await words("nowhere")).toBe(
      "Error invoking remote method 'nowhere': Error: No handler registered for 'nowhere'",
    );
    expect(await words("not-cloneable")).toBe(
      "Error invoking remote method 'not-cloneable': Error: An object could not be cloned.",
    );
  });

  test("name their sender by the app's own address, not by the one Chromium shows", async () => {
    expect(await fixture.invoke("sender")).toEqual({
      url: "app://fixture/",
      origin: "app://fixture",
      isTop: true,
      isMainFrame: true,
      isWindow: true,
    });
    expect(await events()).toContainEqual(["hello", SHOWN, "app://fixture/"]);
  });

  test("on a channel named like Node's special event do no harm", async () => {
    await fixture.page.evaluate(() => {
      window.api.send("error", "from the page");
    });
    expect(await fixture.invoke("echo", "alive")).toEqual(["alive"]);
  });

  test("reach the page from main until it stops listening", async () => {
    const told = await fixture.page.evaluate(async () => {
      const heard: unknown[] = [];
      const stop = window.api.on("told", (...args) => heard.push(args));
      await window.api.invoke("tell", 1n, "a");
      await window.api.invoke("tell", 2n, "b");
      stop();
      await window.api.invoke("tell", 3n, "c");
      return heard;
    });
    expect(told).toEqual([
      [1n, "a"],
      [2n, "b"],
    ]);
  });
});

describe("the bridge", () => {
  test("exposes a frozen API that cannot be replaced", async () => {
    const frozen = await fixture.page.evaluate(() => {
      "use strict";
      const refused = (run: () => void) => {
        try {
          run();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      };
      return [
        refused(() => Object.assign(window.api, { invoke: () => undefined })),
        refused(() => window.api.nested.list.push(3)),
        refused(() => Object.assign(window, { api: {} })),
        refused(() => Object.defineProperty(window, "api", { value: {} })),
        Object.isFrozen(window.api.nested.list[1]),
      ];
    });
    expect(frozen).toEqual([true, true, true, true, true]);
  });

  test("lets each side call the other's functions, errors included", async () => {
    const results = await fixture.page.evaluate(() => {
      const doubled = window.api.callTwice((n) => ({ doubled: n * 2 }));
      let message = "";
      try {
        window.api.fail();
      } catch (error) {
        message = (error as Error).message;
      }
      return { doubled, message, platform: window.api.platform };
    });
    expect(results).toEqual({
      doubled: [{ doubled: 2 }, { doubled: 4 }],
      message: "broken in the preload",
      platform: process.platform,
    });
  });

  test("tells a preload what it may not do", async () => {
    expect(await fixture.page.evaluate(() => window.api.problems())).toEqual([
      expect.stringContaining("ipcRenderer.sendSync is not part of the stand-in"),
      "module not found: node:fs",
      "Cannot bind an API on top of an existing property on the window object",
    ]);
  });
});

describe("isolation", () => {
  test("the page has the exposed API and nothing else of the preload, the host or Node", async () => {
    const { page, browser } = fixture;
    const plain = await browser.contexts()[0]!.newPage();
    await plain.goto("data:text/html,plain");
    const ordinary = await plain.evaluate(() =>
      Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith("on")),
    );
    const secure = new Set(await secureOnlyNames());
    await plain.close();
    const seen = await page.evaluate(() => window.seen);
    const added = seen.filter((name) => !ordinary.includes(name) && !secure.has(name));
    expect(added.sort()).toEqual(["api", "fromThePage"]);
    expect(
      await page.evaluate(() => [
        typeof Reflect.get(window, "require"),
        typeof Reflect.get(window, "secretOfThePreload"),
      ]),
    ).toEqual(["undefined", "undefined"]);
  });

  /** Globals that any page of a secure context has. */
  async function secureOnlyNames(): Promise<string[]> {
    const page = await fixture.browser.contexts()[0]!.newPage();
    await page.route("https://ordinary.example/", (route) =>
      route.fulfill({ body: "ordinary", contentType: "text/html" }),
    );
    await page.goto("https://ordinary.example/");
    const names = await page.evaluate(() => Object.getOwnPropertyNames(globalThis));
    await page.close();
    return names;
  }

  test("the preload sees the document but none of the page's globals", async () => {
    expect(await fixture.page.evaluate(() => window.api.worlds())).toEqual({
      require: "function",
      process: "object",
      page: "undefined",
    });
  });

  test("frames inside the page have no API", async () => {
    const { page } = fixture;
    const apis = await page.evaluate(async () => {
      const found: string[] = [];
      for (const src of ["/", "about:blank"]) {
        const frame = document.createElement("iframe");
        frame.src = src;
        const loaded = new Promise((resolve) => (frame.onload = resolve));
        document.body.append(frame);
        await loaded;
        found.push(typeof (frame.contentWindow as unknown as { api?: unknown } | null)?.api);
        frame.remove();
      }
      return found;
    });
    expect(apis).toEqual(["undefined", "undefined"]);
  });

  test("a page that was not opened by the app has no API, even at the app's own address", async () => {
    const page = await fixture.browser.contexts()[0]!.newPage();
    await page.route(SHOWN, (route) =>
      route.fulfill({ body: "<title>copy</title>", contentType: "text/html" }),
    );
    await page.goto(SHOWN);
    expect(await page.evaluate(() => typeof Reflect.get(window, "api"))).toBe("undefined");
    await page.close();
  });

  test("the content security policy holds, and headers set by the app arrive", async () => {
    const { page } = fixture;
    expect(await page.evaluate(() => window.inlineRan)).toBeUndefined();
    const outside = await page.evaluate(() =>
      fetch("https://example.com/").then(
        () => "sent",
        () => "blocked",
      ),
    );
    expect(outside).toBe("blocked");
    const added = await page.evaluate(async () => (await fetch("/page.js")).headers.get("x-added"));
    expect(added).toBe("by the app");
  });

  test("permissions are the ones the app's handlers grant", async () => {
    const states = await fixture.page.evaluate(async () => {
      const names = ["geolocation", "camera", "microphone", "notifications"] as PermissionName[];
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
    });
    expect(states).toEqual(["denied", "granted", "denied", "granted"]);
  });
});

describe("the camera", () => {
  test("is Chromium's stand-in for one where the command line asks for it, and the microphone stays refused", async () => {
    await using fixture = await startFixture({ args: ["--use-fake-device-for-media-stream"] });
    const capture = (wanted: MediaStreamConstraints) =>
      fixture.page.evaluate(
        (constraints) =>
          navigator.mediaDevices.getUserMedia(constraints).then(
            (stream) => stream.getTracks().map(({ kind }) => kind),
            (error: unknown) => String(error),
          ),
        wanted,
      );
    expect(await capture({ video: true })).toEqual(["video"]);
    expect(await capture({ audio: true })).toContain("NotAllowedError");
    expect(await capture({ audio: true, video: true })).toContain("NotAllowedError");
  });
});

describe("navigation", () => {
  test("window.open and links to new windows open no window and go to the app's handler", async () => {
    const { page, control, browser } = fixture;
    const before = browser.contexts()[0]!.pages().length;
    await page.evaluate(() => void globalThis.open("https://example.com/opened"));
    await page.locator("#popup").click();
    await page.locator("#away").click({ modifiers: ["ControlOrMeta"] });
    await vi.waitFor(async () => {
      expect((await control.state()).opened).toEqual([
        "https://example.com/opened",
        "https://example.com/popup",
        "https://example.com/away",
      ]);
    });
    await vi.waitFor(() => {
      expect(browser.contexts()[0]!.pages()).toHaveLength(before);
    });
    expect(await fixture.invoke("echo", "alive")).toEqual(["alive"]);
  });

  test("what the app prevents does not happen", async () => {
    const { page } = fixture;
    await page.locator("#away").click();
    await page.evaluate(() => (location.href = "https://example.com/script"));
    await page.evaluate(() => {
      const form = document.createElement("form");
      form.action = "https://example.com/form";
      document.body.append(form);
      form.submit();
    });
    await vi.waitFor(async () => {
      expect(await events()).toEqual(
        expect.arrayContaining([
          ["will-navigate", "https://example.com/away"],
          ["will-navigate", "https://example.com/script"],
          ["will-navigate", expect.stringContaining("https://example.com/form")],
        ]),
      );
    });
    expect(page.url()).toBe(SHOWN);
    expect(await fixture.invoke("echo", "alive")).toEqual(["alive"]);
  });

  test("a blob cannot take the page's place", async () => {
    const { page } = fixture;
    await page.evaluate(() => {
      location.href = URL.createObjectURL(new Blob(["<title>blob</title>"], { type: "text/html" }));
    });
    await vi.waitFor(async () => {
      expect(await events()).toContainEqual(["will-navigate", expect.stringMatching(/^blob:/)]);
    });
    expect(page.url()).toBe(SHOWN);
  });

  test("moving within the page is no navigation", async () => {
    const { page } = fixture;
    const count = (await events()).length;
    await page.locator("#fragment").click();
    expect(await fixture.invoke("sender")).toMatchObject({ url: "app://fixture/#below" });
    expect(await events()).toHaveLength(count);
  });

  test("a frame's navigation can be prevented too", async () => {
    const { page } = fixture;
    await page.evaluate(() => {
      for (const src of ["/frame-refused", "/frame-allowed"]) {
        const frame = document.createElement("iframe");
        frame.src = src;
        document.body.append(frame);
      }
    });
    await page.frameLocator("iframe[src$=allowed]").getByText("in the frame").waitFor();
    expect(await events()).toEqual(
      expect.arrayContaining([
        ["will-frame-navigate", "app://fixture/frame-refused"],
        ["will-frame-navigate", "app://fixture/frame-allowed"],
      ]),
    );
    await expect(page.frameLocator("iframe[src$=refused]").getByText("in the frame").count()).resolves.toBe(
      0,
    );
  });

  test("the preload and its messages survive reloads", async () => {
    const { page } = fixture;
    await page.reload();
    await page.locator("body[data-ready=yes]").waitFor();
    await page.evaluate(() => {
      location.reload();
    });
    await vi.waitFor(async () => {
      expect((await events()).filter((event) => (event as string[])[0] === "hello")).toHaveLength(3);
    });
    await page.locator("body[data-ready=yes]").waitFor();
    expect(await fixture.invoke("echo", 1)).toEqual([1]);
  });
});
