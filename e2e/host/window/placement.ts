import { CdpError } from "../chromium/connection.ts";
import type { Protocol } from "../chromium/protocol.ts";
import type { Page } from "./page.ts";

export interface Place {
  readonly x: number | undefined;
  readonly y: number | undefined;
  readonly width: number;
  readonly height: number;
}

/** Moves and shows a window on the screen; without a screen, gives its page the size the window would have. */
export class Placement {
  readonly #page: Page;
  /** Chromium carries out one change after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(page: Page) {
    this.#page = page;
  }

  place({ x, y, width, height }: Place): void {
    if (this.#page.browser.headless) {
      const metrics = { width, height, deviceScaleFactor: 0, mobile: false };
      this.#page.session.post("Emulation.setDeviceMetricsOverride", metrics);
      return;
    }
    this.#change({ width, height, ...(x !== undefined && { left: x }), ...(y !== undefined && { top: y }) });
  }

  show(): void {
    this.#change({ windowState: "normal" });
  }

  hide(): void {
    this.#change({ windowState: "minimized" });
  }

  bringToFront(): void {
    this.#page.session.post("Page.bringToFront");
  }

  #change(bounds: Protocol.Browser.Bounds): void {
    const { browser, targetId } = this.#page;
    if (browser.headless) return;
    this.#last = this.#last.then(async () => {
      try {
        const { windowId } = await browser.session.send("Browser.getWindowForTarget", { targetId });
        await browser.session.send("Browser.setWindowBounds", { windowId, bounds });
      } catch (error) {
        // The window was closed meanwhile.
        if (!(error instanceof CdpError)) throw error;
      }
    });
  }
}
