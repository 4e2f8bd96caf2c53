import { expect, type Page } from "@playwright/test";
import { ROLE_TEXT, type Role } from "#core/keys/role.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import type { Mailbox } from "../support/mailbox.ts";
import { CodeForm } from "./code.ts";
import { LedgerWizard } from "./ledger-wizard.ts";
import { OperationPage } from "./operation.ts";
import { Steps } from "./steps.ts";

/** The app's window as one person uses it: by what is written on it. */
export class WalletPage {
  readonly page: Page;
  readonly #mailbox: Mailbox;
  readonly code: CodeForm;
  readonly operation: OperationPage;
  readonly ledgerWizard: LedgerWizard;
  /** The steps of making an account. */
  readonly creation: Steps;

  constructor(page: Page, mailbox: Mailbox) {
    this.page = page;
    this.#mailbox = mailbox;
    this.code = new CodeForm(page, mailbox);
    this.operation = new OperationPage(page);
    this.ledgerWizard = new LedgerWizard(page);
    this.creation = new Steps(page, "Creating your account");
  }

  heading(name: string | RegExp) {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** An error or a warning on the screen, by its words. */
  async expectProblem(words: string | RegExp): Promise<void> {
    await expect(this.page.getByText(words).first()).toBeVisible();
  }

  async go(
    link:
      "Home" | "Withdraw" | "Receive" | "Activity" | "Contacts" | "Keys" | "Security" | "Freeze" | "Settings",
  ): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link }).click();
  }

  /** From the welcome screen to the finished account. */
  async createAccount(): Promise<Address> {
    await this.code.enter(await this.askForAccount());
    await expect(this.heading("Your account is ready")).toBeVisible({ timeout: 90_000 });
    await this.page.getByRole("button", { name: "Go to your account" }).click();
    return this.accountAddress();
  }

  /** Types the email address and asks for the first code. */
  async askForAccount(): Promise<string> {
    await expect(this.heading("Your account stands on three keys")).toBeVisible();
    await this.page.getByLabel("Email address").fill(this.#mailbox.address);
    return this.code.send();
  }

  /** Types the email address where there is no account on this computer yet, and the code that comes. */
  async signIn(): Promise<void> {
    await this.page.getByLabel("Email address").fill(this.#mailbox.address);
    await this.code.sendAndEnter();
  }

  /** Unlocks a computer that is not in yet. */
  async unlockOutside(): Promise<void> {
    await expect(this.heading("Trivet is locked")).toBeVisible();
    await this.code.sendAndEnter();
  }

  async unlock(): Promise<void> {
    await expect(this.heading("Trivet is locked")).toBeVisible();
    await this.code.sendAndEnter();
    await expect(this.page.getByRole("navigation", { name: "Main" })).toBeVisible();
  }

  /** Proves who one is where an operation asks for it: what was proven a moment ago still counts. */
  async proveIfAsked(): Promise<void> {
    const ask = this.page.getByRole("button", { name: "Send code" });
    const proven = this.page.locator('[data-step="prove"][data-status="done"]');
    await expect(ask.or(proven)).toBeVisible({ timeout: 60_000 });
    if (await ask.isVisible()) await this.code.sendAndEnter();
  }

  /** Proves the email address where the network asks for it before it makes a new key. */
  async proveForNewKey(): Promise<void> {
    const ask = this.page.getByRole("button", { name: "Send code" });
    const review = this.page.getByRole("heading", { name: "Review the change" });
    await expect(ask.or(review)).toBeVisible();
    if (await ask.isVisible()) await this.code.sendAndEnter();
  }

  async unlockIfLocked(): Promise<void> {
    const navigation = this.page.getByRole("navigation", { name: "Main" });
    await expect(this.heading("Trivet is locked").or(navigation)).toBeVisible();
    if (!(await navigation.isVisible())) await this.unlock();
  }

  async lock(): Promise<void> {
    await this.page.getByRole("button", { name: "Lock", exact: true }).click();
    await expect(this.heading("Trivet is locked")).toBeVisible();
  }

  /** The account's address, from the profile's screen. */
  async accountAddress(): Promise<Address> {
    await expect(this.heading("Your account")).toBeVisible();
    return addressIn(await this.page.getByRole("main").innerText());
  }

  /** The signers of the three keys, from the keys screen. */
  async signers(): Promise<Record<Role, Address>> {
    await this.go("Keys");
    const signer = async (role: Role) =>
      addressIn(await this.page.getByLabel(ROLE_TEXT[role], { exact: true }).innerText());
    return {
      device: await signer("device"),
      mfa: await signer("mfa"),
      recovery: await signer("recovery"),
    };
  }

  /** Every address that is shown shortened. */
  async shortAddresses(): Promise<string[]> {
    const text = await this.page.getByRole("main").innerText();
    return text.match(/0x[0-9a-fA-F]{6}…[0-9a-fA-F]{6}/g) ?? [];
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
    await this.ledgerWizard.showAddress();
    await this.ledgerWizard.start();
    await expect(this.heading(new RegExp(`^Move the ${role}`))).toBeVisible();
  }

  async openLedgerWizard(role: "MFA key" | "Recovery key"): Promise<void> {
    await this.go("Keys");
    await this.page.getByRole("button", { name: `Use a Ledger instead, for the ${role}` }).click();
  }
}

/** The first address in a text, whose groups stand apart. */
function addressIn(text: string): Address {
  return toAddress(/0x[0-9a-fA-F\s]{40,60}/.exec(text)?.[0].replace(/\s/g, "").slice(0, 42) ?? "");
}
