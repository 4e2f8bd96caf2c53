import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, expect, type Locator, type Page, type TestInfo } from "@playwright/test";
import type { Address } from "#core/primitives/address.ts";
import { launchStandIn, startAgain } from "../host/launch.ts";
import { type HostControl, hostControl } from "../host/control/client.ts";
import { driveWindows } from "../host/control/driver.ts";
import { ConfirmPage } from "../pages/confirm.ts";
import { WalletPage } from "../pages/wallet-page.ts";
import type { Devnet } from "./devnet.ts";
import { Mailbox } from "./mailbox.ts";

interface Running {
  readonly child: ChildProcess;
  readonly host: HostControl;
  readonly browser: Browser;
  readonly page: WalletPage;
}

const isWindow = (page: Page, name: "wallet" | "confirm") =>
  new RegExp(`^(app-)?${name}\\b`).test(new URL(page.url()).hostname);

/** How long a button may take to be there to be pressed. */
const ACTION_TIMEOUT_MS = 20_000;

/** The wallet with a profile of its own: started, killed and started again as a person (or a power cut) does. */
export class Wallet {
  readonly #devnet: Devnet;
  readonly profile: string;
  /** Further arguments for the next starts. */
  args: readonly string[] = [];
  readonly #mailbox: Mailbox;
  readonly #networkFile: string;
  #running: Running | undefined;
  #account: Address | undefined;
  readonly #said: string[] = [];
  readonly #confirmPages = new WeakMap<Page, ConfirmPage>();

  private constructor(
    devnet: Devnet,
    profile: string,
    networkFile: string,
    mailbox = new Mailbox(devnet, `${path.basename(profile).toLowerCase()}@example.org`),
  ) {
    this.#devnet = devnet;
    this.profile = profile;
    this.#networkFile = networkFile;
    this.#mailbox = mailbox;
  }

  /** @param networkFile leads to the devnet by another way than its own */
  static async create(devnet: Devnet, networkFile = devnet.networkFile): Promise<Wallet> {
    return new Wallet(devnet, await mkdtemp(path.join(tmpdir(), "trivet-e2e-")), networkFile);
  }

  /** Another computer of the same person: a profile of its own, and the same mailbox. */
  async anotherComputer(): Promise<Wallet> {
    const profile = await mkdtemp(path.join(tmpdir(), "trivet-e2e-"));
    return new Wallet(this.#devnet, profile, this.#networkFile, this.#mailbox);
  }

  /** The account's address, once `openAccount` made it. */
  get account(): Address {
    if (!this.#account) throw new Error("the wallet has no account");
    return this.#account;
  }

  /** How many codes the person has got. */
  get codesSent(): number {
    return this.#mailbox.received;
  }

  get page(): WalletPage {
    if (!this.#running) throw new Error("the wallet is not running");
    return this.#running.page;
  }

  /** Process id of main. */
  get pid(): number {
    return this.#running?.child.pid ?? 0;
  }

  /** What the windows' pages do not show of the app. */
  get host(): HostControl {
    if (!this.#running) throw new Error("the wallet is not running");
    return this.#running.host;
  }

  /** A tab in the browser that shows the app's windows, which is none of them. */
  async newTab(): Promise<Page> {
    const [context] = this.#running?.browser.contexts() ?? [];
    if (!context) throw new Error("the wallet is not running");
    return context.newPage();
  }

  /** All windows of the app. */
  get windows(): Page[] {
    return this.#running?.browser.contexts().flatMap((context) => context.pages()) ?? [];
  }

  async start(): Promise<WalletPage> {
    const {
      process: child,
      devToolsUrl,
      controlUrl,
    } = await launchStandIn({
      ...this.#app,
      args: this.args,
      control: true,
      onLine: (line) => this.#said.push(line),
    });
    const browser = await chromium.connectOverCDP(devToolsUrl);
    const host = hostControl(controlUrl ?? "");
    driveWindows(browser, host);
    const windows = () => browser.contexts().flatMap((context) => context.pages());
    const page = await this.#window(
      () => windows().find((window) => !window.isClosed() && isWindow(window, "wallet")),
      "wallet",
    );
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    this.#running = { child, host, browser, page: new WalletPage(page, this.#mailbox) };
    return this.page;
  }

  get #app() {
    return {
      main: "out/main/index.js",
      networkFile: this.#networkFile,
      userData: this.profile,
      env: process.env,
    };
  }

  /** Somebody opens a link while the app runs: the system starts it once more. @returns the exit code of that */
  openLink(url: string): Promise<number | null> {
    return startAgain({ ...this.#app, args: ["--", url] });
  }

  /** Starts for the first time: makes the account and has the faucet fill it. */
  async openAccount(): Promise<Address> {
    const page = await this.start();
    this.#account = await page.createAccount();
    await this.#devnet.fund(this.#account, this.#devnet.token("TUSD").address, "1000");
    await this.#devnet.fund(this.#account, null, "10");
    return this.#account;
  }

  /** Has the home screen of the unlocked account on the screen, whatever was before. */
  async goHome(): Promise<void> {
    if (!this.#running) await this.start();
    await this.page.unlockIfLocked();
    await this.page.go("Home");
  }

  async #window(find: () => Page | undefined, name: string): Promise<Page> {
    const window = find();
    if (window) return window;
    await expect
      .poll(() => find() !== undefined, { message: `the ${name} window`, intervals: [50], timeout: 60_000 })
      .toBe(true);
    return this.#window(find, name);
  }

  /** The confirm window, once it is there; not one in which was decided before and which is just closing. */
  async confirm(): Promise<ConfirmPage> {
    const page = await this.#window(() => this.#asking, "confirm");
    return this.#confirmPage(page);
  }

  #confirmPage(page: Page): ConfirmPage {
    const known = this.#confirmPages.get(page);
    if (known) return known;
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    const found = new ConfirmPage(page);
    this.#confirmPages.set(page, found);
    return found;
  }

  get #asking(): Page | undefined {
    return this.windows.find(
      (page) => !page.isClosed() && isWindow(page, "confirm") && !this.#confirmPage(page).decided,
    );
  }

  /** Whether the confirm window waits for a decision. */
  get isAsking(): boolean {
    return this.#asking !== undefined;
  }

  /** Approves in the confirm window. */
  async approve(): Promise<void> {
    await (await this.confirm()).approve();
  }

  /**
   * Approves whenever the confirm window asks, until the page shows that it is done: what was approved before a crash is
   * asked again where the approval did not outlive it, and only there.
   */
  async approveUntil(done: Locator): Promise<void> {
    await expect
      .poll(
        async () => {
          if (this.isAsking) await this.approve();
          return done.isVisible();
        },
        { timeout: 90_000 },
      )
      .toBe(true);
  }

  /** What the app printed and what it wrote into its log. */
  async log(): Promise<string> {
    const file = path.join(this.profile, "profiles", "devnet-31337", "trivet.log");
    const written = await readFile(file, "utf8").catch(() => "(no log file)");
    return [...this.#said, written].join("\n");
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

  /** Adds to the report of a failed test what a person would look at: the windows and the log. */
  async explain(test: TestInfo): Promise<void> {
    if (test.status === test.expectedStatus) return;
    for (const window of this.windows.filter((page) => !page.isClosed())) {
      const name = new URL(window.url()).hostname;
      await test.attach(name, {
        body: await window.screenshot({ timeout: 5_000 }),
        contentType: "image/png",
      });
      await test.attach(`${name} text`, { body: await window.locator("body").innerText() });
    }
    await test.attach("what the app printed and logged", { body: await this.log() });
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
