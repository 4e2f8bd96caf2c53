import { cancelable } from "../cancelable.ts";
import type { Browser } from "../chromium/browser.ts";
import { type Encoded, decode, encode } from "../ipc/codec.ts";
import { IpcMain, type IpcEvent, ipcMain } from "../ipc/ipc-main.ts";
import type { FromPage, ToPage } from "../ipc/messages.ts";
import { LoudEmitter, NotInStandIn } from "../loud.ts";
import { nativeTheme } from "../modules/native-theme.ts";
import { powerMonitor } from "../modules/power-monitor.ts";
import { say } from "../say.ts";
import { decidePermissions } from "../web/permissions.ts";
import { session } from "../web/session.ts";
import { toShown } from "../web/schemes.ts";
import type { Navigation, WindowRequest } from "./navigation.ts";
import { Page } from "./page.ts";
import { createWebFrame, type WebFrame } from "./web-frame.ts";

type OpenHandler = (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse;

const EVENTS = [
  "console-message",
  "destroyed",
  "did-fail-load",
  "did-finish-load",
  "did-navigate",
  "did-navigate-in-page",
  "dom-ready",
  "preload-error",
  "render-process-gone",
  "will-frame-navigate",
  "will-navigate",
  // Chromium's pages have no <webview>: listening is fine, it never comes.
  "will-attach-webview",
];

let lastId = 0;

/** Electron's WebContents over a page of Chromium. */
export class WebContents extends LoudEmitter {
  readonly id = ++lastId;
  readonly session = session.defaultSession;
  readonly ipc = new IpcMain();
  readonly mainFrame: WebFrame;
  readonly #browser: Promise<Browser>;
  readonly #opening: Promise<Page>;
  readonly #preload: string | undefined;
  #page: Page | undefined;
  #openHandler: OpenHandler | undefined;
  #destroyed = false;
  #crashed = false;
  #loadedOnce = false;
  /** Called when the page is gone without the app having closed it. */
  onGone: (() => void) | undefined;

  constructor(browser: Promise<Browser>, preload: string | undefined) {
    super(EVENTS);
    this.#browser = browser;
    this.#preload = preload;
    this.mainFrame = createWebFrame({
      id: this.id,
      url: () => this.getURL(),
      isDestroyed: () => this.#destroyed,
      send: (channel, ...args) => {
        this.send(channel, ...args);
      },
    });
    this.#opening = this.#open();
    this.#opening.catch((error: unknown) => {
      // Chromium went away meanwhile; whoever loads an address is told why.
      if (this.#destroyed) return;
      console.error("A window could not be opened:", error);
      this.close();
    });
    const onTheme = () => this.#page?.setTheme(nativeTheme.themeSource);
    nativeTheme.on("updated", onTheme);
    this.once("destroyed", () => nativeTheme.off("updated", onTheme));
  }

  /** For the window: does something with the page once it is there, and nothing if it never is. */
  whenOpen(action: (page: Page) => void): void {
    this.#opening.then(action, () => undefined);
  }

  /** For the clipboard. */
  async copyToSystem(text: string): Promise<void> {
    await this.#page?.copyToSystem(text);
  }

  getURL(): string {
    return this.#page?.url ?? "";
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isCrashed(): boolean {
    return this.#crashed;
  }

  /** @throws Error with Electron's words when the page cannot be loaded */
  async loadURL(url: string): Promise<void> {
    const page = await this.#opening;
    await this.#applyPermissions(url);
    try {
      await page.navigate(url);
    } catch (error) {
      if (!this.#destroyed) {
        const description = error instanceof Error ? error.message : String(error);
        this.emit("did-fail-load", cancelable({}), -2, description, url, true, this.id, this.id);
      }
      throw error;
    }
  }

  reload(): void {
    this.#page?.reload();
  }

  send(channel: string, ...args: unknown[]): void {
    this.#post({ kind: "message", channel, args: encode(args) });
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  openDevTools(): void {
    void this.#browser.then(({ devToolsUrl }) => {
      say(`DevTools of every window: ${devToolsUrl} (chrome://inspect)`);
    });
  }

  /** Without asking the page. */
  close(): void {
    this.destroy();
    this.onGone?.();
  }

  /** For the window. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.whenOpen((page) => page.close());
    this.emit("destroyed");
    this.removeAllListeners();
  }

  async #open(): Promise<Page> {
    const page = await Page.open({
      browser: await this.#browser,
      preload: this.#preload,
      source: { webContentsId: this.id },
      listener: {
        message: (message) => {
          this.#receive(message);
        },
        console: (level, message, lineNumber, sourceId) => {
          this.emit(
            "console-message",
            cancelable({ level: CONSOLE_LEVELS[level] ?? "info", message, lineNumber, sourceId }),
          );
        },
        navigated: (url, sameDocument) => {
          this.#crashed = false;
          if (sameDocument) this.emit("did-navigate-in-page", cancelable({}), url, true, this.id, this.id);
          else this.emit("did-navigate", cancelable({}), url, -1, "");
        },
        domReady: () => this.emit("dom-ready"),
        loaded: () => {
          this.#loaded();
        },
        crashed: () => {
          this.#crashed = true;
          this.emit("render-process-gone", cancelable({}), { reason: "crashed", exitCode: 1 });
        },
        closed: () => {
          if (!this.#destroyed) this.close();
        },
        allowsNavigation: (navigation) => this.#allows(navigation),
        windowRequested: (request) => {
          this.#windowRequested(request);
        },
      },
    });
    this.#page = page;
    page.setTheme(nativeTheme.themeSource);
    return page;
  }

  #loaded(): void {
    if (!this.#loadedOnce) {
      this.#loadedOnce = true;
      void this.#page?.forgetHistory();
    }
    this.emit("did-finish-load");
  }

  #post(message: ToPage): void {
    if (!this.#destroyed) this.#page?.post(message);
  }

  #receive(message: FromPage): void {
    if (this.#destroyed) return;
    switch (message.kind) {
      case "send": {
        const args = decode(message.args) as unknown[];
        const event = { ...this.#ipcEvent(), reply: (...reply: [string]) => this.send(...reply) };
        this.ipc.emit(message.channel, event, ...args);
        ipcMain.emit(message.channel, event, ...args);
        break;
      }
      case "invoke":
        void this.#invoke(message.id, message.channel, message.args);
        break;
      case "preload-error": {
        const error = new Error(message.message);
        error.stack = message.stack;
        console.error(`Unable to load preload script: ${this.#preload ?? ""}`, error);
        this.emit("preload-error", cancelable({}), this.#preload, error);
        break;
      }
      case "local-navigation":
        if (this.#allows({ url: message.url, isMainFrame: true })) {
          throw new NotInStandIn(`Navigating to ${message.url}`);
        }
        break;
      case "input":
        powerMonitor.noteInput();
        break;
      case "system-theme":
        nativeTheme.noteSystemTheme(message.dark);
        break;
    }
  }

  #ipcEvent(): IpcEvent {
    return { type: "frame", sender: this, senderFrame: this.mainFrame, frameId: this.id, processId: this.id };
  }

  async #invoke(id: number, channel: string, args: Encoded): Promise<void> {
    try {
      const handler = this.ipc.handlerOf(channel) ?? ipcMain.handlerOf(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      const value = encode(await handler(this.#ipcEvent(), ...(decode(args) as unknown[])));
      this.#post({ kind: "result", id, value });
    } catch (error) {
      // As in Electron: main prints it, the page gets the words.
      console.error(`Error occurred in handler for '${channel}':`, error);
      this.#post({ kind: "failure", id, error: String(error) });
    }
  }

  #allows({ url, isMainFrame }: Navigation): boolean {
    const frame = isMainFrame ? this.mainFrame : null;
    const event = cancelable({ url, isMainFrame, isSameDocument: false, frame });
    this.emit("will-frame-navigate", event);
    if (isMainFrame && !event.defaultPrevented)
      this.emit("will-navigate", event, url, false, true, this.id, this.id);
    return !event.defaultPrevented;
  }

  #windowRequested({ url, frameName, features, disposition }: WindowRequest): void {
    const referrer = { url: "", policy: "default" } as const;
    const answer = this.#openHandler?.({ url, frameName, features, disposition, referrer });
    // Without a handler Electron opens a window.
    if (answer?.action !== "deny") throw new NotInStandIn("Opening a window on a page's request");
  }

  async #applyPermissions(url: string): Promise<void> {
    const browser = await this.#browser;
    const origin = URL.parse(toShown(url))?.origin;
    if (origin === undefined || origin === "null") return;
    const decisions = await decidePermissions(this, url);
    await Promise.all(
      decisions.map((decision) => browser.session.send("Browser.setPermission", { ...decision, origin })),
    );
  }
}

/** Chromium's kinds of console calls that are not plain information. */
const CONSOLE_LEVELS: Readonly<Record<string, "debug" | "warning" | "error">> = {
  debug: "debug",
  warning: "warning",
  error: "error",
  assert: "error",
};
