import { pathToFileURL } from "node:url";
import { type Browser, chromium, expect, type Page } from "@playwright/test";
import type { Hex } from "#core/primitives/hex.ts";
import { findChromium } from "#tools/setup/chromium.mjs";

/** A saved exit kit in a browser of its own: nothing of Trivet's runs there. */
export class ExitKitPage {
  readonly page: Page;
  readonly #browser: Browser;
  /** Every address that the page asked for. */
  readonly requested: string[] = [];

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.on("request", (request) => this.requested.push(request.url()));
  }

  /** Opens the file and reads the account over an RPC server. */
  static async open(file: string, rpcUrl: string): Promise<ExitKitPage> {
    const executablePath = findChromium();
    if (!executablePath) throw new Error("no Chromium is installed");
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    const page = await browser.newPage({ viewport: { width: 900, height: 900 }, reducedMotion: "reduce" });
    page.setDefaultTimeout(20_000);
    const kit = new ExitKitPage(browser, page);
    await page.goto(pathToFileURL(file).href);
    await page.getByLabel("RPC address").fill(rpcUrl);
    await page.getByRole("button", { name: "Read the account" }).click();
    await expect(page.getByRole("heading", { name: "2. What you hold" })).toBeVisible();
    return kit;
  }

  /** Enters a private key as what the person holds. */
  async hold(privateKey: Hex, signer: string): Promise<void> {
    await this.page.getByLabel("Private key", { exact: true }).fill(privateKey);
    await this.page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(
      this.page.getByRole("list", { name: "What you hold" }).getByText(signer.slice(-4)),
    ).toBeVisible();
  }

  async goOn(task: string): Promise<void> {
    await this.page.getByRole("button", { name: `Go on: ${task}` }).click();
  }

  /** Signs with private keys that were entered, by the names of their roles. */
  async sign(...roles: string[]): Promise<void> {
    await this.page.getByRole("button", { name: "Go on to sign" }).click();
    for (const role of roles)
      await this.page
        .getByRole("button", { name: `Sign with the ${role}` })
        .first()
        .click();
  }

  /** Makes a new key in the page, and keeps its file. */
  async makeKey(file: string, password = "correct horse battery staple"): Promise<void> {
    await this.page.getByLabel("Password for the key file").fill(password);
    await this.page.getByLabel("The same password again").fill(password);
    const download = this.page.waitForEvent("download");
    await this.page.getByRole("button", { name: "Make the key and save its file" }).click();
    await (await download).saveAs(file);
    await this.page.getByLabel("I have the file").check();
    await this.page.getByRole("button", { name: "Use this key" }).click();
  }

  /** Has another private key pay for the transactions, for the first time. */
  async pay(privateKey: Hex, transactions = 1): Promise<void> {
    await this.page.getByText("Another private key with some coins for fees").click();
    await this.page.getByLabel("Private key that pays").fill(privateKey);
    await this.page.getByRole("button", { name: "Use it for the fees" }).click();
    await this.send(transactions);
  }

  /** Sends what is ready, one transaction after the other. */
  async send(transactions: number): Promise<void> {
    for (let sent = 0; sent < transactions; sent += 1) {
      await this.page.getByRole("button", { name: "Show the fees" }).click();
      await expect(this.page.getByText("It costs at most")).toBeVisible();
      await this.page.getByRole("button", { name: "Confirm and send" }).click();
      if (sent + 1 < transactions)
        await expect(this.page.getByText(`Transaction ${sent + 2} of ${transactions}`)).toBeVisible();
    }
    await expect(this.page.getByText("The account was read again.")).toBeVisible();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
