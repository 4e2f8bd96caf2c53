import { expect, type Page } from "@playwright/test";
import { addPasskeyProvider, type PasskeyProvider } from "#devnet/authenticator/testing/passkey-provider.ts";
import type { Wallet } from "./wallet.ts";

/** The person's own browser, with a passkey provider that says yes: a tab of the Chromium that shows the windows. */
export class SystemBrowser {
  readonly #wallet: Wallet;
  readonly #tab: Page;
  readonly #provider: PasskeyProvider;

  private constructor(wallet: Wallet, tab: Page, provider: PasskeyProvider) {
    this.#wallet = wallet;
    this.#provider = provider;
    this.#tab = tab;
  }

  static async open(wallet: Wallet): Promise<SystemBrowser> {
    const tab = await wallet.newTab();
    const provider = await addPasskeyProvider(tab);
    await wallet.page.page.bringToFront();
    return new SystemBrowser(wallet, tab, provider);
  }

  /** Does what makes the app open the browser, then confirms the passkey on the page that opened. */
  async usePasskey(act: () => Promise<void>): Promise<void> {
    await this.#visit(act, "Done.");
  }

  /** The same, but the passkey's provider does not take the person for the right one: a wrong finger, a wrong PIN. */
  async failPasskey(act: () => Promise<void>): Promise<void> {
    await this.#provider.verify(false);
    await this.#visit(act, "The passkey was not used.");
    await this.#provider.verify(true);
  }

  async #visit(act: () => Promise<void>, ends: string): Promise<void> {
    const opened = async () => (await this.#wallet.host.state()).opened;
    // Pages that opened before may be gone: nobody has to visit those.
    const before = (await opened()).length;
    await act();
    await expect.poll(async () => (await opened()).length).toBeGreaterThan(before);
    await this.#tab.bringToFront();
    await this.#tab.goto((await opened()).at(-1) ?? "");
    await this.#tab.getByRole("button", { name: "Continue" }).click();
    // A browser serves passkeys to the tab in front only, and an app's window that closes brings the app's there.
    await expect(async () => {
      await this.#tab.bringToFront();
      await expect(this.#tab.getByText(ends)).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
    await this.#wallet.page.page.bringToFront();
  }
}
