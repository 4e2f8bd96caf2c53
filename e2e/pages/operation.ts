import { expect, type Page } from "@playwright/test";
import { Steps } from "./steps.ts";

/** The page of one operation in flight. */
export class OperationPage {
  readonly page: Page;
  readonly steps: Steps;

  constructor(page: Page) {
    this.page = page;
    this.steps = new Steps(page, "Steps of this operation");
  }

  get dropButton() {
    return this.page.getByRole("button", { name: "Drop", exact: true });
  }

  /** The home screen's banner of what is in flight. */
  get banner() {
    return this.page.getByRole("region", { name: /^In flight/ });
  }

  /** Presses "Continue" on the page or on the home screen's banner. */
  async continue(): Promise<void> {
    await this.page.getByRole("button", { name: "Continue" }).click();
  }

  /** Throws the operation away, on its page or on the home screen's banner. */
  async drop(): Promise<void> {
    await this.dropButton.click();
    await this.page.getByRole("alertdialog").getByRole("button", { name: /^Drop/ }).click();
  }

  async expectDone(title: string | RegExp): Promise<void> {
    await expect(this.page.getByRole("heading", { name: title })).toBeVisible({ timeout: 90_000 });
  }
}
