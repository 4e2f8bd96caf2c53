import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { startApp } from "#tools/electron-or-host.ts";
import { ConfirmPage } from "../pages/confirm.ts";
import { WalletPage } from "../pages/wallet-page.ts";
import type { Devnet } from "./devnet.ts";

interface Running {
  readonly child: ChildProcess;
  readonly browser: Browser;
  readonly page: WalletPage;
}

const isWindow = (page: Page, name: "wallet" | "confirm") =>
  new RegExp(`^(app-)?${name}\\b`).test(new URL(page.url()).hostname);

/** The wallet with a profile of its own: started, killed and started again as a person (or a power cut) does. */
export class Wallet {
  readonly #devnet: Devnet;
  readonly profile: string;
  readonly email: string;
  #running: Running | undefined;

  private constructor(devnet: Devnet, profile: string) {
    this.#devnet = devnet;
    this.profile = profile;
    this.email = `${path.basename(profile).toLowerCase()}@example.org`;
  }

  static async create(devnet: Devnet): Promise<Wallet> {
    return new Wallet(devnet, await mkdtemp(path.join(tmpdir(), "trivet-e2e-")));
  }

  get page(): WalletPage {
    if (!this.#running) throw new Error("the wallet is not running");
    return this.#running.page;
  }

  /** Process id of main. */
  get pid(): number {
    return this.#running?.child.pid ?? 0;
  }

  /** All windows of the app. */
  get windows(): Page[] {
    return this.#running?.browser.contexts().flatMap((context) => context.pages()) ?? [];
  }

  async start(): Promise<WalletPage> {
    const { child, devToolsUrl } = await startApp({
      networkFile: this.#devnet.networkFile,
      userData: this.profile,
      args: [],
    });
    const browser = await chromium.connectOverCDP(devToolsUrl);
    const page = await this.#window(browser, "wallet");
    this.#running = { child, browser, page: new WalletPage(page, this.#devnet, this.email) };
    return this.page;
  }

  async #window(browser: Browser, name: "wallet" | "confirm"): Promise<Page> {
    const [context] = browser.contexts();
    if (!context) throw new Error("the browser has no context");
    for (;;) {
      const found = context.pages().find((page) => isWindow(page, name));
      if (found) return found;
      const opened = await context.waitForEvent("page", { timeout: 60_000 });
      await opened.waitForURL((url) => url.protocol !== "about:");
    }
  }

  /** The confirm window, once it is there. */
  async confirm(): Promise<ConfirmPage> {
    if (!this.#running) throw new Error("the wallet is not running");
    return new ConfirmPage(await this.#window(this.#running.browser, "confirm"));
  }

  /** SIGKILL, as by a power cut: nothing of the app gets to tidy up. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** As by closing the app. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    const { child, browser } = running;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    }
    await browser.close();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
