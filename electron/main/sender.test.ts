import type { BrowserWindow, IpcMainInvokeEvent } from "electron";
import { describe, expect, test } from "vitest";
import { isSender } from "./sender.ts";

const ORIGIN = "app://wallet";

/** The parts of an event and a window that the check looks at. */
function message(change: { id?: number; url?: string; parent?: object | null; frame?: null } = {}) {
  const { id = 7, url = `${ORIGIN}/`, parent = null } = change;
  const senderFrame = change.frame === null ? null : { url, parent };
  return { sender: { id }, senderFrame } as unknown as IpcMainInvokeEvent;
}

const window = (destroyed = false) =>
  ({ webContents: { id: 7 }, isDestroyed: () => destroyed }) as unknown as BrowserWindow;

describe("an IPC message", () => {
  test("counts when the main frame of the window sends it from the app's page", () => {
    expect(isSender(message(), window(), ORIGIN)).toBe(true);
    expect(isSender(message({ url: `${ORIGIN}/#/withdraw` }), window(), ORIGIN)).toBe(true);
  });

  test.each([
    ["another window", message({ id: 8 })],
    ["a frame inside the page", message({ parent: {} })],
    ["a frame that is gone", message({ frame: null })],
    ["the confirm window's origin", message({ url: "app://confirm/" })],
    ["an origin that begins alike", message({ url: "app://wallet.example/" })],
    ["a web page", message({ url: "https://wallet/" })],
    ["a blank page", message({ url: "about:blank" })],
    ["a data URL", message({ url: "data:text/html,app://wallet/" })],
  ])("from %s does not", (_, event) => {
    expect(isSender(event, window(), ORIGIN)).toBe(false);
  });

  test("does not count for a window that is closed or was never there", () => {
    expect(isSender(message(), window(true), ORIGIN)).toBe(false);
    expect(isSender(message(), undefined, ORIGIN)).toBe(false);
  });
});
