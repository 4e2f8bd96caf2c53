import { expect, type Page } from "@playwright/test";
import type { LedgerState } from "#core/ledger/states.ts";

/** The screens that bring a key to a Ledger, up to the operation's own. */
export class LedgerWizard {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the wizard says that the Ledger is in this state. */
  async expectState(state: LedgerState): Promise<void> {
    await expect(this.page.locator(`[data-ledger-state="${state}"]`)).toBeVisible();
  }

  /** Waits until a Ledger that is ready was found. */
  async expectConnected(): Promise<void> {
    await expect(
      this.page.getByRole("heading", { name: "Is this the address on your Ledger?" }),
    ).toBeVisible();
  }

  async showAddress(): Promise<void> {
    await this.page.getByRole("button", { name: "Show it on my Ledger" }).click();
  }

  async expectReview(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Review the change" })).toBeVisible();
  }

  async start(): Promise<void> {
    await this.page.getByRole("button", { name: "Start the change" }).click();
  }

  /** Asks for the other accounts of the Ledger that is connected. */
  async useAnotherAccount(): Promise<void> {
    await this.page.getByRole("button", { name: "Use another account of it" }).click();
  }

  /** Waits until so many accounts are listed, as a kind of wallet numbers them. */
  async expectAccounts(scheme: string, count: number): Promise<void> {
    await expect(this.page.getByRole("radio", { name: scheme })).toBeChecked();
    await expect(this.page.getByRole("list", { name: "Accounts" }).getByRole("listitem")).toHaveCount(count);
  }

  async chooseAccount(path: string): Promise<void> {
    await this.page.getByRole("button", { name: `Use this one, at ${path}` }).click();
    await expect(this.page.getByText(path)).toBeVisible();
  }

  async useAnother(): Promise<void> {
    await this.page.getByRole("button", { name: "Use another Ledger" }).click();
  }
}
