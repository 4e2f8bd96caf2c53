import { randomUUID } from "node:crypto";
import type { CdpSession } from "./connection.ts";
import type { Protocol } from "./protocol.ts";
import { launchChromium, type RunningChromium } from "./launch.ts";

type TargetInfo = Protocol.Target.TargetInfo;

/** A page that was opened for a window and waits, before its first script, to be set up. */
export interface OpenedPage {
  readonly session: CdpSession;
  readonly targetId: string;
  /** The address of the empty document that Chromium opened it with. */
  readonly emptyUrl: string;
}

/** Chromium as the windows see it. */
export class Browser {
  readonly #chromium: RunningChromium;
  readonly #claims = new Map<string, (page: OpenedPage) => void>();
  /** How many tabs are about to open that pages asked for, and that Chromium does not tell from others. */
  #tabsToRefuse = 0;

  private constructor(chromium: RunningChromium) {
    this.#chromium = chromium;
  }

  static async launch(devToolsPort: number, extraFlags: string[]): Promise<Browser> {
    const browser = new Browser(await launchChromium(devToolsPort, extraFlags));
    await browser.#watchTargets();
    return browser;
  }

  get headless(): boolean {
    return this.#chromium.headless;
  }

  get devToolsUrl(): string {
    return this.#chromium.devToolsUrl;
  }

  get session(): CdpSession {
    return this.#chromium.connection.browser;
  }

  /** The session of a frame that was attached to one of the pages. */
  sessionOf(sessionId: string): CdpSession {
    return this.#chromium.connection.session(sessionId);
  }

  /** Opens an empty window. Its page runs nothing until the caller lets it. */
  openWindow(): Promise<OpenedPage> {
    // The address tells this window's page from any other that appears meanwhile.
    const url = `data:text/html,${randomUUID()}`;
    const { promise, resolve } = Promise.withResolvers<OpenedPage>();
    this.#claims.set(url, resolve);
    if (this.headless) this.session.post("Target.createTarget", { url, newWindow: true });
    else this.#chromium.openAppWindow(url);
    return promise;
  }

  /** A link was clicked in a way that opens a tab (with Ctrl or the middle button): the next tab is refused. */
  refuseNextTab(): void {
    this.#tabsToRefuse++;
  }

  stop(): Promise<void> {
    return this.#chromium.stop();
  }

  kill(): void {
    this.#chromium.kill();
  }

  async #watchTargets(): Promise<void> {
    this.session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      this.#attached(this.#chromium.connection.session(sessionId), targetInfo);
    });
    await this.session.send("Target.setAutoAttach", {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter: [{ type: "page" }, { exclude: true }],
    });
  }

  #attached(session: CdpSession, { targetId, url, openerId }: TargetInfo): void {
    const page = { session, targetId, emptyUrl: url };
    const claim = this.#claims.get(url);
    if (claim) {
      this.#claims.delete(url);
      claim(page);
      return;
    }
    if (openerId !== undefined) {
      this.#refuse(page);
    } else if (this.#tabsToRefuse > 0) {
      this.#tabsToRefuse--;
      this.#refuse(page);
    } else {
      // Opened by whoever drives the windows over DevTools: none of the app's, and it gets nothing of it.
      session.post("Runtime.runIfWaitingForDebugger");
      if (session.id !== undefined) this.session.post("Target.detachFromTarget", { sessionId: session.id });
    }
  }

  /** Closes a page that another page opened. It shares its opener's process and must be let run to be closed. */
  #refuse({ session, targetId }: OpenedPage): void {
    session.post("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
    session.post("Runtime.runIfWaitingForDebugger");
    this.session.post("Target.closeTarget", { targetId });
  }
}
