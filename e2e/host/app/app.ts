import path from "node:path";
import { cancelable } from "../cancelable.ts";
import { currentBrowser } from "../chromium/current.ts";
import { beforeExit, cleanUp } from "../lifecycle.ts";
import { loud, LoudEmitter, NotInStandIn } from "../loud.ts";
import { userDataDirectory } from "../profile.ts";
import { isDriven } from "../window/driver.ts";
import { openWindows } from "../window/registry.ts";
import { hearLinks } from "./open-url.ts";
import { type AppPackage, findAppPackage, systemPath } from "./paths.ts";
import { becomeReady, isReady } from "./readiness.ts";
import { handOver, takeInstanceLock } from "./single-instance.ts";

const EVENTS = [
  "activate",
  "before-quit",
  "browser-window-blur",
  "browser-window-created",
  "browser-window-focus",
  "child-process-gone",
  "open-url",
  "quit",
  "ready",
  "render-process-gone",
  "second-instance",
  "web-contents-created",
  "will-quit",
  "window-all-closed",
];

/** How long the app may take to end after a signal. */
const PATIENCE_MS = 10_000;

/** Chromium hears the switches of the app's own command line, as in Electron; its profile is none of the app's. */
function switchesOf(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  const before = end === -1 ? argv : argv.slice(0, end);
  return before.filter((argument) => argument.startsWith("--") && !argument.startsWith("--user-data-dir="));
}

/** Electron's `app`. */
class App extends LoudEmitter {
  readonly isPackaged = false;
  readonly dock = undefined;
  readonly #flags: string[] = [];
  readonly #package: AppPackage;
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<undefined>();
  readonly commandLine = loud("app.commandLine", {
    appendSwitch: (name: string, value?: string) => {
      this.#flags.push(value === undefined ? `--${name}` : `--${name}=${value}`);
    },
    hasSwitch: (name: string) =>
      [...this.#flags, ...process.argv].some((flag) => flag === `--${name}` || flag.startsWith(`--${name}=`)),
  });
  name: string;
  #hasLock = false;
  #quitting = false;
  #exiting = false;

  constructor() {
    super(EVENTS);
    this.#package = findAppPackage(path.resolve(process.argv[1] ?? "."));
    this.name = this.#package.name;
    // The app's main file runs first; whoever holds no lock quits in it, and needs no windows.
    setImmediate(() => {
      this.#start();
    });
    hearLinks((url) => this.emit("open-url", cancelable({}), url));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        this.#endSoon();
      });
    }
    if (process.channel) {
      // Started by a program that wants it to end with itself; the line alone keeps nobody alive.
      process.channel.unref();
      process.on("disconnect", () => {
        this.#endSoon();
      });
    }
  }

  isReady(): boolean {
    return isReady();
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return this.#package.version;
  }

  getAppPath(): string {
    return this.#package.directory;
  }

  getPath(name: string): string {
    const known = this.#paths.get(name) ?? systemPath(name);
    if (known !== undefined) return known;
    const userData = this.#paths.get("userData") ?? userDataDirectory(process.argv, process.env);
    switch (name) {
      case "userData":
      case "sessionData":
        return userData;
      case "logs":
        return path.join(userData, "logs");
      default:
        throw new NotInStandIn(`app.getPath("${name}")`);
    }
  }

  setPath(name: string, directory: string): void {
    this.#paths.set(name, path.resolve(directory));
  }

  getLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }

  enableSandbox(): void {
    // Every window is sandboxed.
  }

  disableHardwareAcceleration(): void {
    // It is never used.
  }

  setAppUserModelId(_id: string): void {
    // Windows groups the stand-in's windows under Chromium.
  }

  setAboutPanelOptions(_options: Electron.AboutPanelOptionsOptions): void {
    // There is no menu that would show it.
  }

  focus(): void {
    openWindows().at(-1)?.focus();
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    if (this.#hasLock) return true;
    const userData = this.getPath("userData");
    const lock = takeInstanceLock(userData, ({ argv, workingDirectory, additionalData: data }) => {
      this.emit("second-instance", cancelable({}), argv, workingDirectory, data);
    });
    this.#hasLock = lock !== undefined;
    if (!lock) {
      const told = handOver(userData, {
        argv: process.argv,
        workingDirectory: process.cwd(),
        additionalData,
      });
      beforeExit(() => told);
    }
    return this.#hasLock;
  }

  hasSingleInstanceLock(): boolean {
    return this.#hasLock;
  }

  /** Asks the app and every window, and ends unless one of them prevents it. */
  quit(): void {
    if (this.#quitting || this.#exiting) return;
    const before = cancelable({});
    this.emit("before-quit", before);
    if (before.defaultPrevented) return;
    this.#quitting = true;
    for (const window of [...openWindows()]) window.close();
    this.#quitting = openWindows().length === 0;
    if (this.#quitting) this.#finishQuitting();
  }

  /** Ends without asking anybody. */
  exit(exitCode = 0): void {
    if (this.#exiting) return;
    this.#exiting = true;
    for (const window of [...openWindows()]) window.destroy();
    this.emit("quit", cancelable({}), exitCode);
    void cleanUp().finally(() => {
      process.exit(exitCode);
    });
  }

  /** For windows: one of them closed. */
  windowClosed(): void {
    if (this.#exiting || this.#quitting || openWindows().length > 0) return;
    if (!this.emit("window-all-closed")) this.quit();
  }

  #start(): void {
    if (this.#exiting) return;
    void currentBrowser([...this.#flags, ...switchesOf(process.argv)]);
    if (isDriven()) {
      void import("../control/server.ts").then(({ startControl }) => startControl());
    }
    becomeReady();
    this.emit("ready", cancelable({}), {});
    this.#ready.resolve(undefined);
  }

  #finishQuitting(): void {
    const will = cancelable({});
    this.emit("will-quit", will);
    this.#quitting = false;
    if (!will.defaultPrevented) this.exit(0);
  }

  /** Asks the app to quit, as Electron does on a signal; if it is not heard, it ends anyway. */
  #endSoon(): void {
    setTimeout(() => {
      process.exit(1);
    }, PATIENCE_MS).unref();
    this.quit();
  }
}

export const app = new App();
