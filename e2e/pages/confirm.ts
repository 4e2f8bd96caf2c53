import { expect, type Page } from "@playwright/test";

/** The confirm window. */
export class ConfirmPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async expectShows(...texts: (string | RegExp)[]): Promise<void> {
    for (const text of texts) await expect(this.page.getByText(text).first()).toBeVisible();
  }

  /** The text of the whole window, groups of addresses joined. */
  async text(): Promise<string> {
    return (await this.page.getByRole("main").innerText()).replace(/\s+/g, " ");
  }

  async approve(): Promise<void> {
    await this.page.getByRole("button", { name: "Approve" }).click();
  }

  async reject(): Promise<void> {
    await this.page.getByRole("button", { name: "Reject" }).click();
  }
}
