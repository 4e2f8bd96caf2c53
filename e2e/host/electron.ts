// The module `electron` as the app's main process imports it.
import { absent, loud } from "./loud.ts";
import { UtilityProcess } from "./utility/utility-process.ts";

export { app } from "./app/app.ts";
export { ipcMain } from "./ipc/ipc-main.ts";
export { clipboard } from "./modules/clipboard.ts";
export { dialog } from "./modules/dialog.ts";
export { Menu } from "./modules/menu.ts";
export { nativeTheme } from "./modules/native-theme.ts";
export { Notification } from "./modules/notification.ts";
export { powerMonitor } from "./modules/power-monitor.ts";
export { safeStorage } from "./modules/safe-storage.ts";
export { shell } from "./modules/shell.ts";
export { session } from "./web/session.ts";
export { protocol } from "./web/schemes.ts";
export { BrowserWindow } from "./window/browser-window.ts";

export const utilityProcess = loud("utilityProcess", { fork: UtilityProcess.fork.bind(UtilityProcess) });

// Known names, so that importing them fails where they are used and says what is missing.
export const autoUpdater = absent("autoUpdater");
export const contentTracing = absent("contentTracing");
export const crashReporter = absent("crashReporter");
export const desktopCapturer = absent("desktopCapturer");
export const globalShortcut = absent("globalShortcut");
export const MessageChannelMain = absent("MessageChannelMain");
export const nativeImage = absent("nativeImage");
export const net = absent("net");
export const netLog = absent("netLog");
export const powerSaveBlocker = absent("powerSaveBlocker");
export const screen = absent("screen");
export const systemPreferences = absent("systemPreferences");
export const Tray = absent("Tray");
export const webContents = absent("webContents");
export const webFrameMain = absent("webFrameMain");
