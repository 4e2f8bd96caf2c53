import { app } from "electron";
import { LINK_SCHEME, linkAmong } from "#core/links/link.ts";

/**
 * Makes the installed app the one that opens `trivet:` links. One that is run from its sources leaves the system's
 * settings alone.
 */
export function registerLinks(): void {
  if (!app.isPackaged) return;
  // On Windows the link is the last of several arguments: behind "--" none of its text is taken for a switch.
  const args = process.platform === "win32" ? ["--"] : [];
  app.setAsDefaultProtocolClient(LINK_SCHEME, process.execPath, args);
}

/**
 * Hands on every link that is opened while this instance is the first: macOS tells it as an event, the other systems
 * start the app once more with it. Must run before the app is ready.
 */
export function onLinkOpened(open: (text: string) => void): void {
  app.on("open-url", (event, url) => {
    event.preventDefault();
    open(url);
  });
  const openAmong = (args: readonly string[]) => {
    const link = linkAmong(args);
    if (link !== undefined) open(link);
  };
  app.on("second-instance", (_event, args) => {
    openAmong(args);
  });
  openAmong(process.argv);
}
