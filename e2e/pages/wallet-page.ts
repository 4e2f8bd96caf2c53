import { expect, type Page } from "@playwright/test";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Devnet } from "../support/devnet.ts";
import { CodeForm } from "./code.ts";
import { OperationPage } from "./operation.ts";

/** The app's window as one person uses it: by what is written on it. */
export class WalletPage {
  readonly page: Page;
  readonly devnet: Devnet;
  readonly email: string;
  readonly code: CodeForm;
  readonly operation: OperationPage;

  constructor(page: Page, devnet: Devnet, email: string) {
    this.page = page;
    this.devnet = devnet;
    this.email = email;
    this.code = new CodeForm(page, devnet, email);
    this.operation = new OperationPage(page);
  }

  heading(name: string | RegExp) {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** An error or a warning on the screen, by its words. */
  async expectProblem(words: string | RegExp): Promise<void> {
    await expect(this.page.getByText(words).first()).toBeVisible();
  }

  async go(link: "Home" | "Withdraw" | "Receive" | "Keys" | "Settings"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link }).click();
  }

  /** From the welcome screen to the finished account. */
  async createAccount(): Promise<Address> {
    await this.askForAccount();
    await this.code.enter((await this.devnet.mailbox(this.email)).code ?? "");
    await expect(this.heading("Your account is ready")).toBeVisible({ timeout: 90_000 });
    await this.page.getByRole("button", { name: "Go to your account" }).click();
    return this.accountAddress();
  }

  /** Types the email address and asks for the first code. */
  async askForAccount(): Promise<void> {
    await expect(this.heading("Your account stands on three keys")).toBeVisible();
    await this.page.getByLabel("Email address").fill(this.email);
    await this.code.send();
  }

  async unlock(): Promise<void> {
    await expect(this.heading("Trivet is locked")).toBeVisible();
    await this.code.sendAndEnter();
    await expect(this.page.getByRole("navigation", { name: "Main" })).toBeVisible();
  }

  async lock(): Promise<void> {
    await this.page.getByRole("button", { name: "Lock" }).click();
    await expect(this.heading("Trivet is locked")).toBeVisible();
  }

  /** The account's address, from the profile's screen. */
  async accountAddress(): Promise<Address> {
    await expect(this.heading("Your account")).toBeVisible();
    const text = await this.page.getByRole("main").innerText();
    const address = /0x[0-9a-fA-F\s]{40,60}/.exec(text)?.[0].replace(/\s/g, "").slice(0, 42);
    return toAddress(address ?? "");
  }

  /** Fills in the withdrawal form and asks for the review. */
  async fillWithdrawal(wish: { symbol?: string; to: string; amount: string }): Promise<void> {
    await this.go("Withdraw");
    if (wish.symbol) {
      await this.page.getByRole("combobox", { name: "Asset" }).click();
      await this.page.getByRole("option", { name: new RegExp(wish.symbol) }).click();
    }
    await this.page.getByLabel("Recipient").fill(wish.to);
    await this.page.getByLabel("Amount").fill(wish.amount);
    await this.page.getByRole("button", { name: "Review" }).click();
  }

  /** From the form to the operation's page. */
  async startWithdrawal(wish: { symbol?: string; to: string; amount: string }): Promise<void> {
    await this.fillWithdrawal(wish);
    await expect(this.heading("Review the withdrawal")).toBeVisible();
    await this.page.getByRole("button", { name: "Go on to sign" }).click();
    await expect(this.heading(/^Withdraw /)).toBeVisible();
  }

  /** The wizard up to the operation's page; the Ledger must be ready and approve. */
  async startLedgerReplacement(role: "MFA key" | "Recovery key"): Promise<void> {
    await this.openLedgerWizard(role);
    await this.page.getByRole("button", { name: "Show it on my Ledger" }).click();
    await this.page.getByRole("button", { name: "Start the change" }).click();
    await expect(this.heading(new RegExp(`^Move the ${role}`))).toBeVisible();
  }

  async openLedgerWizard(role: "MFA key" | "Recovery key"): Promise<void> {
    await this.go("Keys");
    await this.page.getByRole("button", { name: `Use a Ledger instead, for the ${role}` }).click();
  }
}
