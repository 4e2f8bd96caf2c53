import { expect, type Page } from "@playwright/test";
import { Keyboard } from "../support/keyboard.ts";

/** The confirm window. */
export class ConfirmPage {
  readonly page: Page;
  #decided = false;

  constructor(page: Page) {
    this.page = page;
  }

  /** Whether the person pressed one of its buttons: it closes then, and asks nothing more. */
  get decided(): boolean {
    return this.#decided;
  }

  async expectShows(...texts: (string | RegExp)[]): Promise<void> {
    for (const text of texts) await expect(this.page.getByText(text).first()).toBeVisible();
  }

  /** The text of the whole window, groups of addresses joined. */
  async text(): Promise<string> {
    return (await this.page.getByRole("main").innerText()).replace(/\s+/g, " ");
  }

  async approve(): Promise<void> {
    await this.#decide("Approve");
  }

  async reject(): Promise<void> {
    await this.#decide("Reject");
  }

  /** Presses a button without a mouse. */
  async byKeyboard(button: "Approve" | "Reject"): Promise<void> {
    await this.#decide(button, () => new Keyboard(this.page).press(button));
  }

  async #decide(
    button: "Approve" | "Reject",
    press = () => this.page.getByRole("button", { name: button }).click(),
  ): Promise<void> {
    try {
      await press();
    } catch (error) {
      // The window closes on the decision, maybe before the click is reported.
      if (!this.page.isClosed()) throw error;
    }
    this.#decided = true;
  }
}
