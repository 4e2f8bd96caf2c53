import { expect, type Page } from "@playwright/test";

/** The screens of a computer that joins an account. */
export class JoiningScreens {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** From the welcome screen: says which account. */
  async giveAccount(text: string): Promise<void> {
    await this.page.getByRole("button", { name: "I have an account" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: "Which account is yours?" })).toBeVisible();
    await this.page.getByLabel("Account address").fill(text);
    await this.page.getByRole("button", { name: "Go on" }).click();
  }

  /** Waits for the sign-in that follows, and types the email address; the code is the caller's. */
  async expectSignIn(): Promise<void> {
    await expect(
      this.page.getByRole("heading", { level: 1, name: "Sign in as the account's owner" }),
    ).toBeVisible();
  }

  async expectOutside(): Promise<void> {
    await expect(
      this.page.getByRole("heading", { level: 1, name: "This computer is not in yet" }),
    ).toBeVisible({ timeout: 60_000 });
  }

  /** The code that another computer shows for this one. */
  async code(): Promise<string> {
    const code = this.page.locator("[data-code]").first();
    await expect(code).toHaveText(/^\d{5}( \d{5}){3}$/, { timeout: 60_000 });
    return (await code.innerText()).trim();
  }

  async startRecovery(): Promise<void> {
    await this.page.getByRole("button", { name: "Start the recovery" }).click();
  }

  async expectPending(): Promise<void> {
    await expect(
      this.page.getByRole("heading", { level: 1, name: "Your recovery is under way" }),
    ).toBeVisible({ timeout: 60_000 });
  }
}

/** The screen with the account's computers. */
export class DevicesScreen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Keys" }).click();
    await this.page.getByRole("link", { name: /^Computers/ }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: "Computers" })).toBeVisible();
  }

  device(name: string) {
    return this.page.getByRole("region", { name, exact: true });
  }

  async openRequest(text: string): Promise<void> {
    await this.page.getByLabel("Joining request").and(this.page.getByRole("textbox")).fill(text);
    await this.page.getByRole("button", { name: "Open the request" }).click();
  }

  async typeCode(code: string): Promise<void> {
    await this.page.getByLabel("Code on the new computer").fill(code);
    await this.page.getByRole("button", { name: "Compare and review" }).click();
  }
}
