import { expect, type Locator, type Page } from "@playwright/test";
import type { OperationStepId } from "#core/wallet-api/operation-view.ts";
import type { CreationStep } from "#core/wallet-api/state.ts";

/** The list of steps of something long. */
export class Steps {
  readonly #list: Locator;

  constructor(page: Page, name: string) {
    this.#list = page.getByRole("list", { name });
  }

  /** Waits until a step is in a status; the list is what a person sees of it. */
  async expectStatus(step: OperationStepId | CreationStep["id"], status: string): Promise<void> {
    await expect(this.#list.locator(`[data-step="${step}"]`)).toHaveAttribute("data-status", status, {
      timeout: 60_000,
    });
  }
}
