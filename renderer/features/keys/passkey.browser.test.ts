import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { anOperation, unlockedState } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

/** A verifier's address, then a public key. */
const SIGNER: Hex = `0x${"ab".repeat(20)}${"4e".repeat(64)}`;
const MADE = { signer: SIGNER, credential: "cGFzc2tleQ", synced: false };
const WAYS = {
  ways: [
    {
      effect: "now" as const,
      seconds: 0,
      signers: [
        { role: "device" as const, holder: "this-computer" as const },
        { role: "mfa" as const, holder: "network" as const },
      ],
    },
  ],
  deploysFirst: false,
};

async function openKeys(more: Handlers = {}) {
  const asked: unknown[] = [];
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, {
    handlers: {
      ...ofOpenAccount,
      "keys.makePasskey": (wish) => {
        asked.push(wish);
        return MADE;
      },
      "keys.reviewReplacement": (wish) => {
        asked.push(wish);
        return WAYS;
      },
      "keys.replaceWithPasskey": (wish) => {
        asked.push(wish);
        return anOperation();
      },
      "keys.cancelBrowser": () => {
        asked.push("stop");
        return undefined;
      },
      ...more,
    },
  });
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  return { page, complaints, asked };
}

/** The account's keys, the MFA key of which a passkey holds. */
function withPasskey() {
  const state = unlockedState();
  if (state.phase !== "unlocked") throw new Error("not unlocked");
  const keys = state.account.keys.map((key) =>
    key.role === "mfa" ? { ...key, holder: "passkey" as const, detail: "Phone", signer: SIGNER } : key,
  );
  return { ...state, account: { ...state.account, keys } };
}

describe("a passkey of the person's own", () => {
  it("is named and made, says where it is kept, and takes the key after a review", async () => {
    const { page, complaints, asked } = await openKeys();
    await page.getByRole("button", { name: "Use a passkey instead, for the MFA key" }).click();
    await page.getByRole("heading", { level: 1, name: "Use a passkey as your MFA key" }).waitFor();
    const make = page.getByRole("button", { name: "Open my browser" });
    expect(await make.isDisabled()).toBe(true);
    await page.getByLabel("Name").fill("  Blue key ");
    expect(await barriersOf(page)).toEqual([]);
    await make.click();
    await page.getByText("The passkey “Blue key” is made").waitFor();
    await page.getByText("If the device is lost, so is the key.").waitFor();
    await page.getByText("First the passkey signs once for trial").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Start the change" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([
      { role: "mfa", name: "Blue key" },
      { role: "mfa", signer: SIGNER },
      {
        role: "mfa",
        signer: SIGNER,
        credential: MADE.credential,
        name: "Blue key",
        signedBy: ["device", "mfa"],
      },
    ]);
    expect(complaints).toEqual([]);
  });

  it("that is not made is said, and can be made at the next try", async () => {
    let tries = 0;
    const { page } = await openKeys({
      "keys.makePasskey": () => {
        tries += 1;
        if (tries === 1)
          throw new WalletError("passkey-exists", "It has one already.", "Use another device.");
        return MADE;
      },
    });
    await page.getByRole("button", { name: "Use a passkey instead, for the Recovery key" }).click();
    await page.getByLabel("Name").fill("Phone");
    await page.getByRole("button", { name: "Open my browser" }).click();
    await page.getByRole("alert").getByText("It has one already.").waitFor();
    await page.getByRole("button", { name: "Open my browser" }).click();
    await page.getByText("The passkey “Phone” is made").waitFor();
  });

  it("is a holder with a public key in place of an address, and can be lost", async () => {
    const { page } = await openKeys({ "wallet.state": withPasskey });
    const mfa = page.getByRole("region", { name: "MFA key" });
    await mfa.getByText("Your passkey", { exact: true }).waitFor();
    await mfa.getByText("Public key", { exact: true }).waitFor();
    await mfa.getByRole("button", { name: "Copy MFA key public key" }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await mfa.getByRole("button", { name: "This passkey is lost, the one of the MFA key" }).click();
    await page.getByRole("heading", { level: 1, name: "The passkey of your MFA key is lost" }).waitFor();
    await page.getByText("Its name is “Phone”").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Use another passkey" }).click();
    await page.getByRole("heading", { level: 1, name: "Use a passkey as your MFA key" }).waitFor();
  });

  it("is waited for in the browser, by its name, until the person does not want to wait", async () => {
    const { page, asked } = await openKeys({
      "wallet.state": withPasskey,
      "operations.list": () => [
        anOperation({
          status: "running",
          needs: { kind: "passkey" },
          steps: [
            { id: "confirm", holder: "this-computer", role: "device", status: "done" },
            { id: "cosign", holder: "passkey", role: "mfa", status: "needs-you" },
            { id: "submit", status: "waiting" },
          ],
        }),
      ],
    });
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
    const banner = page.getByRole("region", { name: /^In flight/ });
    await banner.getByText("Waits for your passkey, in your browser.").waitFor();
    await banner.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Use your passkey in your browser" }).waitFor();
    await page.getByText("“Phone”").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Stop waiting" }).click();
    await expect.poll(() => asked).toEqual(["stop"]);
  });
});
