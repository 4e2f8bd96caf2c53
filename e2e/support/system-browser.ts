import { expect, type Page } from "@playwright/test";
import { addPasskeyProvider, type PasskeyProvider } from "#devnet/authenticator/testing/passkey-provider.ts";
import type { Wallet } from "./wallet.ts";

/** The person's own browser, with a passkey provider that says yes: a tab of the Chromium that shows the windows. */
export class SystemBrowser {
  readonly #wallet: Wallet;
  readonly #tab: Page;
  /** From the first visit on. */
  #provider: PasskeyProvider | undefined;

  private constructor(wallet: Wallet, tab: Page) {
    this.#wallet = wallet;
    this.#tab = tab;
  }

  static async open(wallet: Wallet): Promise<SystemBrowser> {
    const tab = await wallet.newTab();
    await wallet.page.page.bringToFront();
    return new SystemBrowser(wallet, tab);
  }

  /** Does what makes the app open the browser, then confirms the passkey on the page that opened. */
  async usePasskey(act: () => Promise<void>): Promise<void> {
    await this.#visit(act, true, "Done.");
  }

  /** The same, but the passkey's provider does not take the person for the right one: a wrong finger, a wrong PIN. */
  async failPasskey(act: () => Promise<void>): Promise<void> {
    await this.#visit(act, false, "The passkey was not used.");
  }

  async #visit(act: () => Promise<void>, isVerified: boolean, ends: string): Promise<void> {
    const opened = async () => (await this.#wallet.host.state()).opened;
    // Pages that opened before may be gone: nobody has to visit those.
    const before = (await opened()).length;
    await act();
    await expect.poll(async () => (await opened()).length).toBeGreaterThan(before);
    await this.#tab.bringToFront();
    await this.#tab.goto((await opened()).at(-1) ?? "");
    this.#provider ??= await addPasskeyProvider(this.#tab);
    await this.#provider.verify(isVerified);
    await this.#tab.getByRole("button", { name: "Continue" }).click();
    // A browser serves passkeys to the tab in front only, and an app's window that closes brings the app's there.
    await expect(async () => {
      await this.#tab.bringToFront();
      await expect(this.#tab.getByText(ends)).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
    await this.#wallet.page.page.bringToFront();
  }
}
