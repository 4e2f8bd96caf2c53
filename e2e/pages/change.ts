import { expect, type Page } from "@playwright/test";

/** The screen before every change of the account: who signs it, and what comes of it. */
export class ChangePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits for the review of a change, by its heading; it says all three things that a signature needs. */
  async expectReview(title: string): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    for (const words of ["If you sign", "If you do nothing", "What it cannot do"]) {
      await expect(this.page.getByText(words)).toBeVisible();
    }
  }

  /** Chooses who signs: "Device key and Recovery key". */
  async choose(who: string): Promise<void> {
    const radio = this.page.getByRole("radio", { name: new RegExp(`^${who} (At once|After)`) });
    await radio.click();
    await expect(radio).toBeChecked();
  }

  async goOn(): Promise<void> {
    await this.page.getByRole("button", { name: "Go on to sign" }).click();
  }
}
