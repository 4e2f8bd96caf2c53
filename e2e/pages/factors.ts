import { expect, type Page } from "@playwright/test";
import type { FactorRow, FactorStepId } from "#core/wallet-api/factors.ts";

/** The screens on which a person changes how they prove who they are. */
export class FactorsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Security" }).click();
    await this.page.getByRole("link", { name: "How you prove who you are" }).click();
    await expect(this.list).toBeVisible();
  }

  get list() {
    return this.page.getByRole("list", { name: "Your factors" });
  }

  row(type: FactorRow["type"]) {
    return this.list.locator(`[data-factor="${type}"]`);
  }

  /** From the list to the review of a change, which stays on the screen. */
  async choose(button: string): Promise<void> {
    await this.page.getByRole("main").getByRole("button", { name: button, exact: true }).click();
    await expect(this.page.getByRole("region", { name: "What this changes" })).toBeVisible();
  }

  async begin(): Promise<void> {
    await this.page.getByRole("button", { name: "Begin" }).click();
  }

  async expectStep(step: FactorStepId, status: string): Promise<void> {
    const list = this.page.getByRole("list", { name: "Steps of this change" });
    await expect(list.locator(`[data-step="${step}"]`)).toHaveAttribute("data-status", status, {
      timeout: 60_000,
    });
  }

  /** The secret that is shown for an authenticator app. */
  async secret(): Promise<string> {
    return this.page.locator("[data-secret]").innerText();
  }

  /** Reads the recovery codes, says that they are kept and goes on. */
  async keepCodes(): Promise<string[]> {
    const codes = await this.page
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allInnerTexts();
    await this.page.getByRole("checkbox").check();
    await this.page.getByRole("button", { name: "Go on" }).click();
    return codes;
  }

  async expectDone(title: string): Promise<void> {
    await expect(this.page.getByRole("heading", { name: title })).toBeVisible({ timeout: 90_000 });
  }

  async seeFactors(): Promise<void> {
    await this.page.getByRole("button", { name: "See your factors" }).click();
    await expect(this.list).toBeVisible();
  }
}
