import path from "node:path";
import { app, type BrowserWindow, dialog } from "electron";
import { createLinks } from "../services/links.ts";
import { registerAppScheme, serveApp } from "./app-protocol.ts";
import { compose, type Composed } from "./compose.ts";
import { networkFile, profileDirectory, readNetworkConfig, useDevelopmentProfile } from "./environment.ts";
import { onLinkOpened, registerLinks } from "./links.ts";
import { denyPermissions, lockDown } from "./lockdown.ts";
import { watchForLock } from "./lock-watch.ts";
import { openLog } from "./log.ts";
import { accountHandlers } from "./wallet/account.ts";
import { accountSettingsHandlers } from "./wallet/account-settings.ts";
import { activityHandlers } from "./wallet/activity.ts";
import { allowancesHandlers } from "./wallet/allowances.ts";
import { apiKeysHandlers } from "./wallet/api-keys.ts";
import { appHandlers } from "./wallet/app.ts";
import { sendEvent, serveWalletApi } from "./wallet/ipc.ts";
import { devicesHandlers } from "./wallet/devices.ts";
import { joiningHandlers } from "./wallet/joining.ts";
import { keysHandlers } from "./wallet/keys.ts";
import { ledgerHandlers } from "./wallet/ledger.ts";
import { linksHandlers } from "./wallet/links.ts";
import { operationsHandlers } from "./wallet/operations.ts";
import { factorsHandlers } from "./wallet/factors.ts";
import { gatesHandlers } from "./wallet/gates.ts";
import { proofsHandlers } from "./wallet/proofs.ts";
import { changesHandlers } from "./wallet/changes.ts";
import { contactsHandlers } from "./wallet/contacts.ts";
import { exitKitHandlers } from "./wallet/exit-kit.ts";
import { emergencyHandlers } from "./wallet/emergency.ts";
import { freezeHandlers } from "./wallet/freeze.ts";
import { friendsHandlers } from "./wallet/friends.ts";
import { securityHandlers } from "./wallet/security.ts";
import { settingsHandlers } from "./wallet/settings.ts";
import { walletHandlers } from "./wallet/wallet.ts";
import { watchHandlers } from "./wallet/watch.ts";
import { withdrawHandlers } from "./wallet/withdraw.ts";
import { createAppWindow, loadApp } from "./windows/app-window.ts";

const OUT = path.resolve(import.meta.dirname, "..");

let window: BrowserWindow | undefined;
let composed: Composed | undefined;
const links = createLinks((link) => {
  bringToFront();
  sendEvent(window, "link", link);
});

function bringToFront(): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

async function start(): Promise<void> {
  const config = readNetworkConfig(networkFile());
  const directory = profileDirectory(config);
  const log = openLog(directory);
  process.on("unhandledRejection", (cause) => {
    log.error("unhandled", cause);
  });
  denyPermissions(() => window);
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
      ...accountSettingsHandlers(services),
      ...activityHandlers(services),
      ...allowancesHandlers(services),
      ...apiKeysHandlers(services),
      ...withdrawHandlers(services),
      ...keysHandlers(services),
      ...operationsHandlers(services),
      ...proofsHandlers(services),
      ...factorsHandlers(services),
      ...gatesHandlers(services),
      ...watchHandlers(services),
      ...ledgerHandlers(services),
      ...linksHandlers(links),
      ...changesHandlers(services),
      ...contactsHandlers(services),
      ...devicesHandlers(services),
      ...exitKitHandlers(services),
      ...joiningHandlers(services),
      ...emergencyHandlers(services),
      ...freezeHandlers(services),
      ...friendsHandlers(services),
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
  app.on("second-instance", bringToFront);
  registerLinks();
  onLinkOpened(links.open);
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
