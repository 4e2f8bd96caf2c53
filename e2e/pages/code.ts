import { expect, type Page } from "@playwright/test";
import type { Devnet } from "../support/devnet.ts";

/** Wherever six digits from an email are asked for. */
export class CodeForm {
  readonly #page: Page;
  readonly #devnet: Devnet;
  readonly #email: string;

  constructor(page: Page, devnet: Devnet, email: string) {
    this.#page = page;
    this.#devnet = devnet;
    this.#email = email;
  }

  get field() {
    return this.#page.getByRole("textbox", { name: "Six-digit code" });
  }

  /** Presses "Send code" (or "Send a new code") and waits for the mail; returns the code in it. */
  async send(button = "Send code"): Promise<string> {
    const before = await this.#devnet.newestMail(this.#email);
    await this.#page.getByRole("button", { name: button }).click();
    const newest = async () => (await this.#devnet.newestMail(this.#email))?.code;
    await expect.poll(newest).not.toBe(before?.code);
    return (await newest()) ?? "";
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
