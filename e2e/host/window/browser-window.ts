import { pathToFileURL } from "node:url";
import { app } from "../app/app.ts";
import { isReady } from "../app/readiness.ts";
import { cancelable } from "../cancelable.ts";
import { currentBrowser } from "../chromium/current.ts";
import { LoudEmitter } from "../loud.ts";
import { Placement } from "./placement.ts";
import { addWindow, bringToEnd, openWindows, removeWindow } from "./registry.ts";
import { WebContents } from "./web-contents.ts";
import { checkWebPreferences } from "./web-preferences.ts";

type Options = Omit<Electron.BrowserWindowConstructorOptions, "parent"> & { parent?: BrowserWindow };
type Bounds = Electron.Rectangle;

const EVENTS = [
  "blur",
  "close",
  "closed",
  "focus",
  "hide",
  "minimize",
  "move",
  "ready-to-show",
  "resize",
  "restore",
  "show",
];

/** Electron's size of a window that names none. */
const DEFAULT_SIZE = { width: 800, height: 600 };

let lastId = 0;

/** Electron's BrowserWindow over a window of Chromium. */
export class BrowserWindow extends LoudEmitter {
  readonly id = ++lastId;
  readonly webContents: WebContents;
  readonly #parent: BrowserWindow | null;
  readonly #modal: boolean;
  readonly #minimumSize: [number, number];
  #placement: Placement | undefined;
  #x: number | undefined;
  #y: number | undefined;
  #width: number;
  #height: number;
  #title: string;
  #visible: boolean;
  #minimized = false;
  #focused = false;
  #alwaysOnTop: boolean;
  #menuBarVisible: boolean;
  #destroyed = false;

  constructor(options: Options = {}) {
    if (!isReady()) throw new Error("Cannot create BrowserWindow before app is ready");
    super(EVENTS);
    checkWebPreferences(options.webPreferences ?? {});
    const { parent = null, modal = false, show = true, title = app.getName() } = options;
    this.#parent = parent;
    this.#modal = modal;
    this.#title = title;
    this.#visible = show;
    this.#alwaysOnTop = options.alwaysOnTop ?? false;
    this.#menuBarVisible = !(options.autoHideMenuBar ?? false);
    this.#minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.#x = options.x;
    this.#y = options.y;
    this.#width = Math.max(options.width ?? DEFAULT_SIZE.width, this.#minimumSize[0]);
    this.#height = Math.max(options.height ?? DEFAULT_SIZE.height, this.#minimumSize[1]);

    this.webContents = new WebContents(currentBrowser(), options.webPreferences?.preload);
    this.webContents.onGone = () => {
      this.#closed();
    };
    this.#place();
    if (!show) this.#onScreen((placement) => placement.hide());
    this.webContents.once("did-finish-load", () => this.emit("ready-to-show"));
    this.webContents.on("render-process-gone", (event: object, details: object) => {
      app.emit("render-process-gone", event, this.webContents, details);
    });

    addWindow(this);
    app.emit("web-contents-created", cancelable({}), this.webContents);
    app.emit("browser-window-created", cancelable({}), this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...openWindows()];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return openWindows().findLast((window) => window.isFocused()) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return openWindows().find((window) => window.webContents === contents) ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return openWindows().find((window) => window.id === id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(file: string): Promise<void> {
    return this.loadURL(pathToFileURL(file).href);
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.#visible && !this.#minimized) return;
    this.#visible = true;
    this.#minimized = false;
    this.#onScreen((placement) => placement.show());
    this.emit("show");
  }

  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#onScreen((placement) => placement.hide());
    this.#blur();
    this.emit("hide");
  }

  minimize(): void {
    if (this.#minimized) return;
    this.#minimized = true;
    this.#onScreen((placement) => placement.hide());
    this.#blur();
    this.emit("minimize");
  }

  restore(): void {
    if (!this.#minimized) return;
    this.#minimized = false;
    this.#onScreen((placement) => placement.show());
    this.emit("restore");
  }

  focus(): void {
    if (!this.#visible) return;
    for (const window of openWindows()) {
      if (window !== this) window.#blur();
    }
    bringToEnd(this);
    this.#onScreen((placement) => placement.bringToFront());
    if (this.#focused) return;
    this.#focused = true;
    this.emit("focus");
    app.emit("browser-window-focus", cancelable({}), this);
  }

  moveTop(): void {
    this.#onScreen((placement) => placement.bringToFront());
  }

  isVisible(): boolean {
    return this.#visible && !this.#minimized;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  isFocused(): boolean {
    return this.#focused;
  }

  isModal(): boolean {
    return this.#modal;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getParentWindow(): BrowserWindow | null {
    return this.#parent;
  }

  getChildWindows(): BrowserWindow[] {
    return openWindows().filter((window) => window.#parent === this);
  }

  getBounds(): Bounds {
    return { x: this.#x ?? 0, y: this.#y ?? 0, width: this.#width, height: this.#height };
  }

  setBounds(bounds: Partial<Bounds>): void {
    const { x, y, width, height } = bounds;
    const moved = x !== undefined || y !== undefined;
    const resized = width !== undefined || height !== undefined;
    this.#x = x ?? this.#x;
    this.#y = y ?? this.#y;
    this.#width = Math.max(width ?? this.#width, this.#minimumSize[0]);
    this.#height = Math.max(height ?? this.#height, this.#minimumSize[1]);
    this.#place();
    if (moved) this.emit("move");
    if (resized) this.emit("resize");
  }

  getSize(): [number, number] {
    return [this.#width, this.#height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getPosition(): [number, number] {
    return [this.#x ?? 0, this.#y ?? 0];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  getMinimumSize(): [number, number] {
    return [...this.#minimumSize];
  }

  getTitle(): string {
    return this.#title;
  }

  /** Chromium's window shows the document's title; this one is what the app asks for. */
  setTitle(title: string): void {
    this.#title = title;
  }

  isAlwaysOnTop(): boolean {
    return this.#alwaysOnTop;
  }

  setAlwaysOnTop(flag: boolean): void {
    this.#alwaysOnTop = flag;
  }

  isMenuBarVisible(): boolean {
    return this.#menuBarVisible;
  }

  setMenuBarVisibility(visible: boolean): void {
    this.#menuBarVisible = visible;
  }

  setMenu(_menu: unknown): void {
    this.#menuBarVisible = false;
  }

  removeMenu(): void {
    this.#menuBarVisible = false;
  }

  /** Closes the window unless the app prevents it. */
  close(): void {
    if (this.#destroyed) return;
    const event = cancelable({});
    this.emit("close", event);
    if (!event.defaultPrevented) this.destroy();
  }

  /** Closes the window whatever the app says. */
  destroy(): void {
    this.webContents.destroy();
    this.#closed();
  }

  #closed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const child of this.getChildWindows()) child.destroy();
    removeWindow(this);
    this.#focused = false;
    this.emit("closed");
    this.removeAllListeners();
    app.windowClosed();
  }

  #blur(): void {
    if (!this.#focused) return;
    this.#focused = false;
    this.emit("blur");
    app.emit("browser-window-blur", cancelable({}), this);
  }

  #place(): void {
    const bounds = { x: this.#x, y: this.#y, width: this.#width, height: this.#height };
    this.#onScreen((placement) => placement.place(bounds));
  }

  #onScreen(action: (placement: Placement) => void): void {
    this.webContents.whenOpen((page) => {
      if (this.#destroyed) return;
      this.#placement ??= new Placement(page);
      action(this.#placement);
    });
  }
}
