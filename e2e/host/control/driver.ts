import type { Browser, Page } from "playwright-core";
import type { HostControl } from "./client.ts";

/**
 * Tells the host of every page that Playwright is attached to: a window shows its first document only then.
 *
 * @param browser as `connectOverCDP` returned it
 */
export function driveWindows(browser: Browser, host: HostControl): void {
  const attached = (page: Page) => {
    // A host that is gone has closed its windows, which is what the test sees.
    host.command({ do: "driver-attached", emptyUrl: page.url() }).catch(() => undefined);
  };
  for (const context of browser.contexts()) {
    context.on("page", attached);
    context.pages().forEach(attached);
  }
}
