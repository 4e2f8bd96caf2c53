import path from "node:path";
import { app, type BrowserWindow, dialog } from "electron";
import { registerAppScheme, serveApp } from "./app-protocol.ts";
import { compose, type Composed } from "./compose.ts";
import { networkFile, profileDirectory, readNetworkConfig, useDevelopmentProfile } from "./environment.ts";
import { denyPermissions, lockDown } from "./lockdown.ts";
import { watchForLock } from "./lock-watch.ts";
import { openLog } from "./log.ts";
import { accountHandlers } from "./wallet/account.ts";
import { appHandlers } from "./wallet/app.ts";
import { serveWalletApi } from "./wallet/ipc.ts";
import { keysHandlers } from "./wallet/keys.ts";
import { ledgerHandlers } from "./wallet/ledger.ts";
import { operationsHandlers } from "./wallet/operations.ts";
import { factorsHandlers } from "./wallet/factors.ts";
import { gatesHandlers } from "./wallet/gates.ts";
import { proofsHandlers } from "./wallet/proofs.ts";
import { changesHandlers } from "./wallet/changes.ts";
import { exitKitHandlers } from "./wallet/exit-kit.ts";
import { emergencyHandlers } from "./wallet/emergency.ts";
import { freezeHandlers } from "./wallet/freeze.ts";
import { securityHandlers } from "./wallet/security.ts";
import { settingsHandlers } from "./wallet/settings.ts";
import { walletHandlers } from "./wallet/wallet.ts";
import { watchHandlers } from "./wallet/watch.ts";
import { withdrawHandlers } from "./wallet/withdraw.ts";
import { createAppWindow, loadApp } from "./windows/app-window.ts";

const OUT = path.resolve(import.meta.dirname, "..");

let window: BrowserWindow | undefined;
let composed: Composed | undefined;

async function start(): Promise<void> {
  const config = readNetworkConfig(networkFile());
  const directory = profileDirectory(config);
  const log = openLog(directory);
  process.on("unhandledRejection", (cause) => {
    log.error("unhandled", cause);
  });
  denyPermissions();
  serveApp(path.join(OUT, "renderer"));
  composed = await compose({ config, directory, out: OUT, window: () => window, log });
  const { services, lock } = composed;
  serveWalletApi({
    window: () => window,
    handlers: {
      ...appHandlers(services),
      ...settingsHandlers(services),
      ...walletHandlers(services),
      ...accountHandlers(services),
      ...withdrawHandlers(services),
      ...keysHandlers(services),
      ...operationsHandlers(services),
      ...proofsHandlers(services),
      ...factorsHandlers(services),
      ...gatesHandlers(services),
      ...watchHandlers(services),
      ...ledgerHandlers(services),
      ...changesHandlers(services),
      ...exitKitHandlers(services),
      ...emergencyHandlers(services),
      ...freezeHandlers(services),
      ...securityHandlers(services),
    },
    onUnexpected: log.error,
  });
  const stopWatching = watchForLock(() => services.settings.get(), lock, log.error);
  app.on("will-quit", stopWatching);
  // Known before its page is loaded, because the page asks its first questions at once.
  window = createAppWindow(path.join(OUT, "preload"));
  await loadApp(window);
}

/** Windows of a packaged app must not be driven from outside: DevTools see everything that a window shows. */
function refuseRemoteDebugging(): void {
  const asked = ["remote-debugging-port", "remote-debugging-pipe"].some((name) =>
    app.commandLine.hasSwitch(name),
  );
  if (asked) app.exit(1);
}

if (app.isPackaged) refuseRemoteDebugging();
useDevelopmentProfile();
app.enableSandbox();
registerAppScheme();
lockDown();

if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  app.on("second-instance", () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on("window-all-closed", () => {
    app.quit();
  });
  app.on("will-quit", () => {
    composed?.stop();
  });
  app
    .whenReady()
    .then(start)
    .catch((cause: unknown) => {
      dialog.showErrorBox("Trivet cannot start", cause instanceof Error ? cause.message : String(cause));
      app.exit(1);
    });
}
