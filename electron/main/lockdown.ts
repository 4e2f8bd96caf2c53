import { app, type BrowserWindow, session, systemPreferences, type WebContents } from "electron";
import { isCameraForWallet } from "./camera.ts";
import { isStandIn } from "./environment.ts";

/** Web contents can do nothing but show the app: no navigation, no popup, no webview. */
export function lockDown(): void {
  app.on("web-contents-created", (_event, contents: WebContents) => {
    contents.on("will-navigate", (event) => {
      event.preventDefault();
    });
    contents.on("will-attach-webview", (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
  });
}

/** macOS asks the person once whether the app may use the camera, and only when it is asked to. */
const systemAllowsCamera = (): Promise<boolean> =>
  process.platform === "darwin" && !isStandIn()
    ? systemPreferences.askForMediaAccess("camera")
    : Promise.resolve(true);

/** Pages get no permission but one: the wallet's window gets the camera. Must run once the app is ready. */
export function denyPermissions(window: () => BrowserWindow | undefined): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, decide, details) => {
    const { isMainFrame, requestingUrl } = details;
    const media = "mediaTypes" in details ? (details.mediaTypes ?? []) : [];
    const asked = { permission, contents, isMainFrame, url: requestingUrl, media };
    if (!isCameraForWallet(asked, window())) decide(false);
    else
      systemAllowsCamera().then(decide, () => {
        decide(false);
      });
  });
  defaultSession.setPermissionCheckHandler((contents, permission, requestingOrigin, details) => {
    const { isMainFrame, requestingUrl = requestingOrigin, mediaType } = details;
    const asked = { permission, contents, isMainFrame, url: requestingUrl, media: [mediaType] };
    return isCameraForWallet(asked, window());
  });
}
