import { expect, type Page } from "@playwright/test";
import type { Wallet } from "./wallet.ts";

/** The person's own browser, with a passkey provider that says yes: a tab of the Chromium that shows the windows. */
export class SystemBrowser {
  readonly #wallet: Wallet;
  readonly #tab: Page;
  #visits = 0;

  private constructor(wallet: Wallet, tab: Page) {
    this.#wallet = wallet;
    this.#tab = tab;
  }

  static async open(wallet: Wallet): Promise<SystemBrowser> {
    const tab = await wallet.newTab();
    const devtools = await tab.context().newCDPSession(tab);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await wallet.page.page.bringToFront();
    return new SystemBrowser(wallet, tab);
  }

  /** Does what makes the app open the browser, then confirms the passkey on the page that opened. */
  async usePasskey(act: () => Promise<void>): Promise<void> {
    await act();
    const opened = async () => (await this.#wallet.host.state()).opened;
    await expect.poll(async () => (await opened()).length).toBeGreaterThan(this.#visits);
    const all = await opened();
    this.#visits = all.length;
    await this.#tab.bringToFront();
    await this.#tab.goto(all.at(-1) ?? "");
    await this.#tab.getByRole("button", { name: "Continue" }).click();
    // A browser serves passkeys to the tab in front only, and an app's window that closes brings the app's there.
    await expect(async () => {
      await this.#tab.bringToFront();
      await expect(this.#tab.getByText("Done.")).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
    await this.#wallet.page.page.bringToFront();
  }
}
