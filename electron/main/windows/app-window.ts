import path from "node:path";
import { BrowserWindow } from "electron";
import { WALLET_ORIGIN } from "../app-files.ts";
import { webPreferences } from "./web-preferences.ts";

/** The app's window, still empty. It is created once and comes to the front when the app is started again. */
export function createAppWindow(preloads: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    title: "Trivet",
    show: false,
    autoHideMenuBar: true,
    webPreferences: webPreferences(path.join(preloads, "app.cjs")),
  });
  window.once("ready-to-show", () => {
    window.show();
  });
  return window;
}

/** Shows the app in its window. */
export const loadApp = (window: BrowserWindow): Promise<void> => window.loadURL(`${WALLET_ORIGIN}/`);
