import type { CdpSession } from "../chromium/connection.ts";
import { fromShown } from "../web/schemes.ts";

/** A navigation that a page asks for. The address is as the app knows it. */
export interface Navigation {
  readonly url: string;
  readonly isMainFrame: boolean;
}

/** A window or tab that a page asks for. */
export interface WindowRequest {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
  readonly disposition: "foreground-tab" | "background-tab" | "new-window";
}

export interface GuardOptions {
  readonly allows: (navigation: Navigation) => boolean;
  readonly windowRequested: (request: WindowRequest) => void;
  /** Chromium is about to open a tab by itself (a click with Ctrl or the middle button). */
  readonly tabRequested: () => void;
  readonly isMainFrame: (frameId: string) => boolean;
  readonly currentUrl: () => string;
}

/**
 * Asks the app about every navigation and window that a page wants. Chromium announces what a page (and not the host
 * or a DevTools client) asks for before it makes the request; the request is then let through or not.
 */
export class NavigationGuard {
  readonly #options: GuardOptions;
  /** The address, as Chromium shows it, that the app refused to each frame last. */
  readonly #refused = new Map<string, string>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Watches the frames of one session. */
  watch(session: CdpSession): void {
    const { allows, windowRequested, tabRequested, isMainFrame, currentUrl } = this.#options;
    session.on("Page.windowOpen", ({ url, windowName, windowFeatures }) => {
      windowRequested({
        url: fromShown(url === "" ? "about:blank" : url),
        frameName: windowName === "_blank" ? "" : windowName,
        features: windowFeatures.join(","),
        disposition: "foreground-tab",
      });
    });
    session.on("Page.frameRequestedNavigation", ({ frameId, url: shown, disposition }) => {
      const url = fromShown(shown);
      switch (disposition) {
        case "newTab":
        case "newWindow":
          tabRequested();
          windowRequested({
            url,
            frameName: "",
            features: "",
            disposition: disposition === "newTab" ? "background-tab" : "new-window",
          });
          return;
        case "download":
        case "currentTab":
          break;
      }
      const isMain = isMainFrame(frameId);
      if (isMain && isSameDocument(url, currentUrl())) return;
      if (allows({ url, isMainFrame: isMain })) {
        this.#refused.delete(frameId);
        return;
      }
      this.#refused.set(frameId, withoutFragment(shown));
    });
  }

  /** Whether the request for a frame's document, at an address as Chromium shows it, may be made. */
  mayNavigate(frameId: string, shown: string): boolean {
    const refused = this.#refused.get(frameId);
    this.#refused.delete(frameId);
    return refused !== withoutFragment(shown);
  }
}

const withoutFragment = (url: string): string => url.replace(/#.*$/s, "");

/** Whether a navigation only moves within the document that is shown. */
function isSameDocument(url: string, current: string): boolean {
  return url.includes("#") && withoutFragment(url) === withoutFragment(current);
}
