import { describe, expect, test } from "vitest";
import { awaitRedirect } from "./redirect.ts";
import { createSystemBrowser } from "./system-browser.ts";

const AUTHENTICATOR = "http://127.0.0.1:7400/authenticator";

function browserOf(openExternal: (url: string) => Promise<void> = () => Promise.resolve()) {
  const opened: string[] = [];
  const browser = createSystemBrowser({
    openExternal: async (url) => {
      opened.push(url);
      await openExternal(url);
    },
    startsAt: [AUTHENTICATOR],
  });
  return { browser, opened };
}

describe("the person's browser", () => {
  test("is sent to the visit's own page, and what it brings back is the answer", async () => {
    const { browser, opened } = browserOf(async (url) => {
      await fetch(`${url}?token=abc`);
    });
    const visit = await awaitRedirect();
    expect((await browser.visit(visit)).searchParams.get("token")).toBe("abc");
    expect(opened).toEqual([visit.url]);
  });

  test("begins only where the configuration says", async () => {
    const visit = await awaitRedirect();
    const { browser, opened } = browserOf(async () => {
      await fetch(visit.url);
    });
    for (const elsewhere of [
      "https://evil.example/authenticator/start",
      "http://127.0.0.1:7401/authenticator/start",
      "http://127.0.0.1:7400/other",
      "http://127.0.0.1:7400/authenticatorx",
      "file:///authenticator/start",
    ]) {
      await expect(browser.visit(await awaitRedirect(), elsewhere)).rejects.toThrow("configuration");
    }
    expect(opened).toEqual([]);
    await browser.visit(visit, `${AUTHENTICATOR}/v1/start?a=b`);
    expect(opened).toEqual([`${AUTHENTICATOR}/v1/start?a=b`]);
  });

  test("is waited for no longer once the visit is cancelled or another begins", async () => {
    const { browser } = browserOf();
    browser.cancel();
    const first = browser.visit(await awaitRedirect());
    const second = browser.visit(await awaitRedirect());
    await expect(first).rejects.toMatchObject({ code: "browser-closed" });
    browser.cancel();
    await expect(second).rejects.toMatchObject({ code: "browser-closed" });
  });

  test("that cannot be opened is said so, and nothing is left listening", async () => {
    const { browser } = browserOf(() => Promise.reject(new Error("no browser")));
    const visit = await awaitRedirect();
    await expect(browser.visit(visit)).rejects.toMatchObject({ code: "browser-not-opened" });
    await expect(fetch(visit.url)).rejects.toThrow();
  });
});
