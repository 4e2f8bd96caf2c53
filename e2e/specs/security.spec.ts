import { FactorsPage } from "../pages/factors.ts";
import { Mailbox } from "../support/mailbox.ts";
import { AuthenticatorApp } from "../support/phone.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { SystemBrowser } from "../support/system-browser.ts";
import { expect, test } from "../support/test.ts";

test("a person adds an authenticator app and a passkey, loses the phone, replaces it, and changes the email address", async ({
  devnet,
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet;
  const factors = new FactorsPage(page.page);
  const show = (name: string) => capture(page.page, name);
  const browser = await SystemBrowser.open(wallet);
  let codes: string[] = [];

  await test.step("adds an authenticator app", async () => {
    await factors.open();
    await show("60-factors-email-only");
    await factors.choose("Add an authenticator app");
    await show("61-factors-review");
    await factors.begin();
    await factors.expectStep("set-up", "needs-you");
    const app = new AuthenticatorApp(await factors.secret());
    await show("62-factors-app");
    await page.page.getByRole("textbox", { name: "Six-digit code of the app" }).fill(app.code());
    await factors.expectStep("keep-codes", "needs-you");
    await show("63-factors-recovery-codes");
    codes = await factors.keepCodes();
    expect(new Set(codes).size).toBe(10);
    const confirm = await wallet.confirm();
    await confirm.expectShows("Add a way to prove who you are", "MFA key", "Recovery key");
    await captureConfirm(confirm.page, "64-confirm-factor");
    await factors.expectStep("mfa", "needs-you");
    await show("65-factors-confirm");
    await confirm.approve();
    await factors.expectDone("The authenticator app counts from now on");
    await show("66-factors-done");
    await factors.seeFactors();
    await expect(factors.row("totp")).toContainText("Counts for the MFA key and the Recovery key");
  });

  await test.step("adds a passkey", async () => {
    await factors.choose("Add a passkey");
    await factors.begin();
    await factors.expectStep("set-up", "needs-you");
    await page.page.getByLabel("Name").fill("Laptop");
    await show("67-factors-passkey");
    await browser.usePasskey(() => page.page.getByRole("button", { name: "Open my browser" }).click());
    await wallet.approve();
    await factors.expectDone("The passkey counts from now on");
    await factors.seeFactors();
    await expect(factors.row("passkey")).toContainText("Laptop");
    await show("68-factors-three");
  });

  await test.step("loses the phone, and replaces the app by a recovery code, mailbox and passkey", async () => {
    await page.lock();
    await page.unlock();
    await factors.open();
    await factors.choose("Replace the authenticator app");
    await show("69-factors-lost-phone-review");
    await factors.begin();
    await factors.expectStep("prove", "needs-you");
    await page.page.getByRole("button", { name: "I lost the phone with the app" }).click();
    await page.page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await show("70-factors-recovery-code");
    await page.page.getByRole("button", { name: "Use the recovery code" }).click();
    // The authenticator is content; the gate takes no recovery code.
    await expect(page.page.getByText("by what the record names now")).toBeVisible();
    await show("71-factors-gate-asks");
    await browser.usePasskey(() => page.page.getByRole("button", { name: "Open my browser" }).click());
    await factors.expectStep("set-up", "needs-you");
    const app = new AuthenticatorApp(await factors.secret());
    await page.page.getByRole("textbox", { name: "Six-digit code of the app" }).fill(app.code());
    await factors.expectStep("keep-codes", "needs-you");
    const fresh = await factors.keepCodes();
    expect(fresh.filter((code) => codes.includes(code))).toEqual([]);
    await wallet.approve();
    await factors.expectDone("The authenticator app is changed");
    await show("72-factors-replaced");
    await factors.seeFactors();
  });

  await test.step("changes the email address, and unlocks with the new one", async () => {
    const address = `new-${Date.now()}@example.org`;
    const mailbox = new Mailbox(devnet, address);
    const send = () => mailbox.codeAfter(() => page.page.getByRole("button", { name: "Send code" }).click());
    await factors.choose("Change the email address");
    await show("73-factors-email-review");
    await factors.begin();
    await factors.expectStep("set-up", "needs-you");
    await page.page.getByLabel("New email address").fill(address);
    const code = await send();
    await show("74-factors-email-code");
    await page.code.enter(code);
    const confirm = await wallet.confirm();
    await confirm.expectShows("Change the email address of your account", address);
    await confirm.approve();
    await factors.expectDone("The email address is changed");
    await factors.seeFactors();
    await expect(factors.row("email")).toContainText(address);
    await show("75-factors-all");

    await page.lock();
    await page.code.enter(await send());
    await expect(page.page.getByRole("navigation", { name: "Main" })).toBeVisible();
  });
});
