import { toAddress } from "#core/primitives/address.ts";
import { Photographer } from "../support/screenshots.ts";
import { expect, test } from "../support/test.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

test("every main screen, in light and dark, at both sizes", async ({ devnet, wallet }) => {
  test.setTimeout(420_000);
  const photos = new Photographer();
  const page = await wallet.start();
  const window = page.page;
  const app = (name: string) => photos.app(window, name);
  await devnet.ledger("settings", { approval: "ask" });

  await test.step("before there is an account", async () => {
    await expect(page.heading("Your account stands on three keys")).toBeVisible();
    await app("welcome");
    const code = await page.askForAccount();
    await app("code");
    await page.code.enter(String((Number(code) + 1) % 1_000_000).padStart(6, "0"));
    await page.expectProblem("That code is not right.");
    await app("code-wrong");
    // Two nodes down hold the making of keys where it can be seen.
    await devnet.stopNode(3);
    await page.code.enter(code);
    await page.creation.expectStatus("mfa-key", "failed");
    await app("creating-stopped");
    await devnet.startNode(3);
    await window.getByRole("button", { name: "Continue" }).click();
    await expect(page.heading("Your account is ready")).toBeVisible({ timeout: 90_000 });
    await app("ready");
    await window.getByRole("button", { name: "Go to your account" }).click();
  });

  const account = await page.accountAddress();
  await app("home-empty");
  await page.go("Receive");
  await app("receive");
  await devnet.fund(account, devnet.token("TUSD").address, "12500.75");
  await devnet.fund(account, null, "2.45");

  await test.step("a withdrawal", async () => {
    await page.go("Withdraw");
    await expect(window.getByLabel("Recipient")).toBeVisible();
    await app("withdraw");
    await page.fillWithdrawal({ symbol: "TUSD", to: RECIPIENT.replace("C5", "c5"), amount: "99999" });
    await app("withdraw-problems");
    await page.fillWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "250" });
    await expect(page.heading("Review the withdrawal")).toBeVisible();
    await app("review");
    await window.getByRole("button", { name: "Go on to sign" }).click();
    const confirm = await wallet.confirm();
    await expect(confirm.page.getByRole("button", { name: "Approve" })).toBeEnabled();
    await photos.confirm(confirm.page, "confirm-withdrawal");
    await app("operation-confirm");
    await confirm.approve();
    await expect(window.getByRole("heading", { name: "Prove that it is you" })).toBeVisible();
    await app("operation-prove");
    await page.go("Home");
    await app("home-in-flight");
    await page.operation.continue();
    await page.code.sendAndEnter();
    await page.operation.expectDone("Withdrawn");
    await app("operation-done");
  });

  await page.go("Home");
  await expect(window.getByText("Withdrew").first()).toBeVisible();
  await app("home");
  await page.go("Keys");
  await app("keys");

  await test.step("a Ledger takes over the MFA key", async () => {
    await devnet.ledger("lock");
    await page.openLedgerWizard("MFA key");
    await page.ledgerWizard.expectState("unlock");
    await app("ledger-locked");
    await devnet.ledger("unlock");
    await page.ledgerWizard.expectConnected();
    await app("ledger-address");
    await page.ledgerWizard.showAddress();
    await expect.poll(async () => (await devnet.ledgerState()).asking).toBe(true);
    await devnet.ledger("approve");
    await page.ledgerWizard.expectReview();
    await app("ledger-review");
    await page.ledgerWizard.start();
    await expect.poll(async () => (await devnet.ledgerState()).asking).toBe(true);
    await app("operation-ledger");
    await devnet.ledger("approve");
    const confirm = await wallet.confirm();
    await expect(confirm.page.getByRole("button", { name: "Approve" })).toBeEnabled();
    await photos.confirm(confirm.page, "confirm-key-change");
    await confirm.approve();
    await page.code.sendAndEnter();
    await expect.poll(async () => (await devnet.ledgerState()).asking).toBe(true);
    await devnet.ledger("approve");
    await page.operation.expectDone("Your Ledger now holds the MFA key");
    await app("key-change-done");
  });

  await page.go("Keys");
  await app("keys-with-ledger");
  await page.go("Settings");
  await app("settings");
  await page.lock();
  await app("locked");
});
