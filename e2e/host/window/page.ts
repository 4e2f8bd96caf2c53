import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Browser, OpenedPage } from "../chromium/browser.ts";
import { CdpError, type CdpSession } from "../chromium/connection.ts";
import type { Protocol } from "../chromium/protocol.ts";
import { type FromPage, type ToPage, zFromPage } from "../ipc/messages.ts";
import { fromShown, toShown } from "../web/schemes.ts";
import { ISOLATED_WORLD, worldScripts } from "../world/scripts.ts";
import { driverAttached, whenDriverAttached } from "./driver.ts";
import { NavigationGuard, type Navigation, type WindowRequest } from "./navigation.ts";
import { type RequestSource, routeRequests } from "./requests.ts";

/** What a page tells its web contents. Addresses are as the app knows them. */
export interface PageListener {
  readonly message: (message: FromPage) => void;
  readonly console: (level: string, message: string, line: number, source: string) => void;
  readonly navigated: (url: string, sameDocument: boolean) => void;
  readonly domReady: () => void;
  readonly loaded: () => void;
  readonly crashed: () => void;
  /** Its window is gone, whoever closed it. */
  readonly closed: () => void;
  /** Whether a navigation that the page itself asks for may happen. */
  readonly allowsNavigation: (navigation: Navigation) => boolean;
  /** The page wants another window; it never gets one. */
  readonly windowRequested: (request: WindowRequest) => void;
}

export interface PageOptions {
  readonly browser: Browser;
  readonly preload: string | undefined;
  readonly listener: PageListener;
  /** On whose behalf requests are made. */
  readonly source: RequestSource;
}

/** A page of Chromium under a window: its preload's world, messages, requests and navigations. */
export class Page {
  readonly targetId: string;
  readonly browser: Browser;
  readonly #session: CdpSession;
  readonly #listener: PageListener;
  readonly #emptyUrl: string;
  readonly #receiver = secretName();
  readonly #binding = secretName();
  #url = "";
  /** The document that is shown, and the last one that finished loading. */
  #loader: string | undefined;
  #loadedLoader: string | undefined;
  #onLoader = new Set<() => void>();
  /** What the first document said before Chromium said which document it is. */
  readonly #early: FromPage[] = [];
  /** The preload's world in the document that is shown. */
  #world: { readonly id: number; readonly uniqueId: string } | undefined;
  #closed = false;

  private constructor({ session, targetId, emptyUrl }: OpenedPage, { browser, listener }: PageOptions) {
    this.targetId = targetId;
    this.browser = browser;
    this.#session = session;
    this.#emptyUrl = emptyUrl;
    this.#listener = listener;
  }

  /** Opens a window and sets its page up before anything runs in it. */
  static async open(options: PageOptions): Promise<Page> {
    const page = new Page(await options.browser.openWindow(), options);
    await page.#setUp(options);
    return page;
  }

  get session(): CdpSession {
    return this.#session;
  }

  /** The address of the document, as the app knows it. */
  get url(): string {
    return this.#url;
  }

  /** @throws Error with Electron's words when the page cannot be loaded or is replaced meanwhile */
  async navigate(url: string): Promise<void> {
    await whenDriverAttached(this.#emptyUrl);
    const { errorText, loaderId } = await this.#session.send("Page.navigate", { url: toShown(url) });
    if (errorText !== undefined) throw new Error(`${errorText.replace(/^net::/, "")} loading '${url}'`);
    if (loaderId !== undefined && !(await this.#loads(loaderId))) {
      throw new Error(`ERR_ABORTED (-3) loading '${url}'`);
    }
  }

  /** Forgets the pages shown before, of which the first is Chromium's and not the app's. */
  async forgetHistory(): Promise<void> {
    await this.#session.send("Page.resetNavigationHistory");
  }

  reload(): void {
    this.#session.post("Page.reload");
  }

  /** Tells the preload's world; a page without one, or that is just being replaced, hears nothing. */
  post(message: ToPage): void {
    if (!this.#world) return;
    this.#session.post("Runtime.evaluate", {
      expression: `${this.#receiver}(${JSON.stringify(message)})`,
      uniqueContextId: this.#world.uniqueId,
    });
  }

  setTheme(theme: "system" | "light" | "dark"): void {
    const value = theme === "system" ? "" : theme;
    this.#session.post("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
  }

  /** Puts a text into the system's clipboard, as if the person had copied it in this page. */
  async copyToSystem(text: string): Promise<void> {
    if (!this.#world) return;
    await this.#session.send("Runtime.evaluate", {
      expression: `{
        const put = (event) => {
          event.clipboardData.setData("text/plain", ${JSON.stringify(text)});
          event.preventDefault();
          event.stopImmediatePropagation();
        };
        addEventListener("copy", put, true);
        document.execCommand("copy");
        removeEventListener("copy", put, true);
      }`,
      uniqueContextId: this.#world.uniqueId,
      userGesture: true,
    });
  }

  close(): void {
    this.browser.session.post("Target.closeTarget", { targetId: this.targetId });
  }

  async #setUp({ preload, source }: PageOptions): Promise<void> {
    const session = this.#session;
    const secrets = { toMain: secretName(), toIsolated: secretName() };
    const { node, electron, chrome } = process.versions;
    const { platform, arch } = process;
    const worlds = worldScripts(
      {
        ...secrets,
        emptyUrl: this.#emptyUrl,
        binding: this.#binding,
        receiver: this.#receiver,
        platform,
        arch,
        versions: { node, electron, chrome },
      },
      preload,
    );
    this.#listen();
    const isMainFrame = (frameId: string) => frameId === this.targetId;
    const guard = new NavigationGuard({
      allows: this.#listener.allowsNavigation,
      windowRequested: this.#listener.windowRequested,
      tabRequested: () => {
        this.browser.refuseNextTab();
      },
      isMainFrame,
      currentUrl: () => this.#url,
    });
    const watch = (watched: CdpSession) => {
      guard.watch(watched);
      return [
        routeRequests({ session: watched, guard, source, isMainFrame }),
        watched.send("Target.setAutoAttach", {
          autoAttach: true,
          waitForDebuggerOnStart: true,
          flatten: true,
          filter: [{ type: "iframe" }, { exclude: true }],
        }),
        watched.send("Runtime.runIfWaitingForDebugger"),
      ];
    };
    this.#watchFrames(session, watch);
    await Promise.all([
      session.send("Page.enable"),
      session.send("Page.setLifecycleEventsEnabled", { enabled: true }),
      session.send("Runtime.enable"),
      session.send("Runtime.addBinding", { name: this.#binding, executionContextName: ISOLATED_WORLD }),
      session.send("Page.addScriptToEvaluateOnNewDocument", { source: worlds.main }),
      session.send("Page.addScriptToEvaluateOnNewDocument", {
        source: worlds.isolated,
        worldName: ISOLATED_WORLD,
      }),
      ...watch(session),
    ]);
  }

  /** Frames of other sites are targets of their own. They get the same watch, and no preload. */
  #watchFrames(session: CdpSession, watch: (session: CdpSession) => Promise<unknown>[]): void {
    session.on("Target.attachedToTarget", ({ sessionId }) => {
      const frame = this.browser.sessionOf(sessionId);
      this.#watchFrames(frame, watch);
      void Promise.allSettled([frame.send("Page.enable"), ...watch(frame)]);
    });
  }

  #listen(): void {
    const session = this.#session;
    const listener = this.#listener;
    const isMain = (frameId: string | undefined) => frameId === this.targetId;

    session.onDetached(() => {
      this.#closed = true;
      this.#world = undefined;
      driverAttached(this.#emptyUrl);
      this.#loaderChanged();
      listener.closed();
    });
    session.on("Inspector.targetCrashed", () => {
      this.#world = undefined;
      listener.crashed();
    });

    session.on("Page.frameNavigated", ({ frame }) => {
      if (isMain(frame.id)) this.#shows(frame);
    });
    session.on("Page.navigatedWithinDocument", ({ frameId, url }) => {
      if (!isMain(frameId)) return;
      this.#url = fromShown(url);
      listener.navigated(this.#url, true);
    });
    session.on("Page.lifecycleEvent", ({ frameId, loaderId, name }) => {
      if (!isMain(frameId)) return;
      if (name === "load") this.#loadedLoader = loaderId;
      if (loaderId !== this.#loader) return;
      if (name === "DOMContentLoaded") listener.domReady();
      if (name !== "load") return;
      this.#loaderChanged();
      listener.loaded();
    });
    session.on("Page.javascriptDialogOpening", ({ type }) => {
      // Nobody could answer it: a dialog is dismissed, leaving a page is allowed.
      session.post("Page.handleJavaScriptDialog", { accept: type === "beforeunload" });
    });

    session.on("Runtime.executionContextCreated", ({ context }) => {
      if (context.name !== ISOLATED_WORLD || !isMain(frameOf(context))) return;
      this.#world = { id: context.id, uniqueId: context.uniqueId };
    });
    session.on("Runtime.executionContextsCleared", () => {
      this.#world = undefined;
    });
    session.on("Runtime.executionContextDestroyed", ({ executionContextUniqueId }) => {
      if (executionContextUniqueId === this.#world?.uniqueId) this.#world = undefined;
    });
    session.on("Runtime.bindingCalled", ({ name, payload, executionContextId }) => {
      // A document that was just replaced has no say any more.
      if (name !== this.#binding || executionContextId !== this.#world?.id) return;
      const message = zFromPage.parse(JSON.parse(payload));
      if (this.#url !== "") listener.message(message);
      else void this.#receiveEarly(message);
    });
    session.on("Runtime.consoleAPICalled", ({ type, args, stackTrace }) => {
      const at = stackTrace?.callFrames[0];
      listener.console(type, args.map(describe).join(" "), at?.lineNumber ?? 0, fromShown(at?.url ?? ""));
    });
  }

  /**
   * On a busy machine a document may say something before Chromium says which document it is. The app judges messages by
   * the address that they come from, so that these wait until Chromium, asked for it, has said so.
   */
  async #receiveEarly(message: FromPage): Promise<void> {
    this.#early.push(message);
    const tree = await this.#session.send("Page.getFrameTree").catch((error: unknown) => {
      // The window is gone.
      if (error instanceof CdpError) return undefined;
      throw error;
    });
    if (tree) this.#shows(tree.frameTree.frame);
  }

  /** Another document is shown. */
  #shows({ url, urlFragment = "", loaderId }: Protocol.Page.Frame): void {
    if (url === this.#emptyUrl || loaderId === this.#loader) return;
    this.#loader = loaderId;
    this.#url = fromShown(url + urlFragment);
    this.#loaderChanged();
    this.#listener.navigated(this.#url, false);
    for (const message of this.#early.splice(0)) this.#listener.message(message);
    if (this.#loadedLoader !== loaderId) return;
    this.#listener.domReady();
    this.#listener.loaded();
  }

  #loaderChanged(): void {
    for (const check of this.#onLoader) check();
  }

  /** Whether a document is loaded to its end, or (false) is replaced before or its window closed. */
  #loads(loaderId: string): Promise<boolean> {
    return new Promise((resolve) => {
      let shown = false;
      const check = () => {
        const loaded = this.#loadedLoader === loaderId;
        const replaced = shown && this.#loader !== loaderId;
        shown ||= this.#loader === loaderId;
        if (!loaded && !replaced && !this.#closed) return;
        this.#onLoader.delete(check);
        resolve(loaded);
      };
      this.#onLoader.add(check);
      check();
    });
  }
}

function frameOf({ auxData }: Protocol.Runtime.ExecutionContextDescription): string | undefined {
  return z.looseObject({ frameId: z.string() }).safeParse(auxData).data?.frameId;
}

/** A name that no script can guess. */
const secretName = (): string => `_${randomBytes(16).toString("hex")}`;

function describe({ value, description, type }: Protocol.Runtime.RemoteObject): string {
  if (typeof value === "string") return value;
  return description ?? (value === undefined ? type : JSON.stringify(value));
}
