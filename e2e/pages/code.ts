import type { Page } from "@playwright/test";
import type { Mailbox } from "../support/mailbox.ts";

/** Wherever six digits from an email are asked for. */
export class CodeForm {
  readonly #page: Page;
  readonly #mailbox: Mailbox;

  constructor(page: Page, mailbox: Mailbox) {
    this.#page = page;
    this.#mailbox = mailbox;
  }

  get field() {
    return this.#page.getByRole("textbox", { name: "Six-digit code" });
  }

  /** Presses "Send code" (or "Send a new code"); returns the code in the mail. */
  async send(button = "Send code"): Promise<string> {
    return this.#mailbox.codeAfter(() => this.#page.getByRole("button", { name: button }).click());
  }

  /** Types a code; the sixth digit sends it. */
  async enter(code: string): Promise<void> {
    await this.field.fill(code);
  }

  async sendAndEnter(): Promise<void> {
    await this.enter(await this.send());
  }
}

/** A code of six digits that is not the right one, another one for each number of tries. */
export const wrongCode = (right: string, tries = 1): string =>
  String((Number(right) + tries) % 1_000_000).padStart(6, "0");
