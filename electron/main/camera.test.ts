import type { BrowserWindow } from "electron";
import { describe, expect, test } from "vitest";
import { type Asked, isCameraForWallet } from "./camera.ts";

const window = (destroyed = false) =>
  ({ webContents: { id: 7 }, isDestroyed: () => destroyed }) as unknown as BrowserWindow;

const camera: Asked = {
  permission: "media",
  contents: { id: 7 },
  isMainFrame: true,
  url: "app://wallet/",
  media: ["video"],
};

describe("the camera", () => {
  test("is for the wallet's own page in the wallet's own window", () => {
    expect(isCameraForWallet(camera, window())).toBe(true);
    expect(isCameraForWallet({ ...camera, url: "app://wallet/index.html#x" }, window())).toBe(true);
  });

  test.each<[string, Partial<Asked>]>([
    ["the microphone", { media: ["audio"] }],
    ["camera and microphone together", { media: ["video", "audio"] }],
    ["nothing that is named", { media: [] }],
    ["something that Electron does not know", { media: ["unknown"] }],
    ["something that Electron does not say", { media: [undefined] }],
    ["the screen", { permission: "display-capture" }],
    ["another permission", { permission: "geolocation" }],
    ["another window", { contents: { id: 8 } }],
    ["nobody", { contents: null }],
    ["a frame inside the page", { isMainFrame: false }],
    ["the confirm window's page", { url: "app://confirm/" }],
    ["an origin that begins alike", { url: "app://wallet.example/" }],
    ["a web page", { url: "https://wallet/" }],
    ["a page without an address", { url: undefined }],
    ["an address that is none", { url: "" }],
  ])("is refused, and so is everything else: %s", (_, change) => {
    expect(isCameraForWallet({ ...camera, ...change }, window())).toBe(false);
  });

  test("is refused once the window is closed, or before it is there", () => {
    expect(isCameraForWallet(camera, window(true))).toBe(false);
    expect(isCameraForWallet(camera, undefined)).toBe(false);
  });
});
