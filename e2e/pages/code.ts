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

  /** Presses "Send code" (or "Send a new code") and waits for the mail. */
  async send(button = "Send code"): Promise<string> {
    const { count } = await this.#devnet.mailbox(this.#email);
    await this.#page.getByRole("button", { name: button }).click();
    await expect.poll(async () => (await this.#devnet.mailbox(this.#email)).count).toBe(count + 1);
    const { code } = await this.#devnet.mailbox(this.#email);
    return code ?? "";
  }

  /** Types a code; the sixth digit sends it. */
  async enter(code: string): Promise<void> {
    await this.field.fill(code);
  }

  /** A code of six digits that is not the one in the mail. */
  async wrongCode(): Promise<string> {
    const { code } = await this.#devnet.mailbox(this.#email);
    return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  }

  async sendAndEnter(): Promise<void> {
    await this.enter(await this.send());
  }
}
