import { toAddress } from "#core/primitives/address.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { SystemBrowser } from "../support/system-browser.ts";
import { expect, test } from "../support/test.ts";

const RECIPIENT = toAddress("0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65");
const NOT_USED =
  "The passkey was not used: it was cancelled, took too long, or is not within reach of this browser.";

test("a person makes a passkey the MFA key, withdraws with it at the second try, and gives the key back", async ({
  devnet,
  wallet,
}) => {
  test.setTimeout(240_000);
  const account = await wallet.openAccount();
  const { page } = wallet;
  const { ledgerWizard, operation } = page;
  const browser = await SystemBrowser.open(wallet);
  const button = (name: string) => page.page.getByRole("button", { name });

  await test.step("the passkey is made in the browser, and signs for trial before anything changes", async () => {
    await page.go("Keys");
    await button("Use a passkey instead, for the MFA key").click();
    await expect(page.heading("Use a passkey as your MFA key")).toBeVisible();
    await expect(page.page.getByText("It shows nothing")).toBeVisible();
    await page.page.getByLabel("Name").fill("Blue security key");
    await capture(page.page, "personas-passkey-01-make");
    await browser.usePasskey(() => button("Open my browser").click());
    await ledgerWizard.expectReview();
    await capture(page.page, "personas-passkey-02-review");
    await browser.usePasskey(() => ledgerWizard.start());
    await wallet.approve();
    await page.proveIfAsked();
    await operation.expectDone("Your passkey now holds the MFA key");
  });

  await test.step("a withdrawal waits for it, survives that it is not confirmed, and is signed at the second try", async () => {
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "25" });
    const confirm = await wallet.confirm();
    await confirm.expectShows("A passkey shows nothing of what it signs");
    await captureConfirm(confirm.page, "personas-passkey-03-confirm");
    await browser.failPasskey(async () => {
      await confirm.approve();
      await expect(
        page.page.getByRole("heading", { name: "Use your passkey in your browser" }),
      ).toBeVisible();
      await expect(page.page.getByText("“Blue security key”")).toBeVisible();
      await capture(page.page, "personas-passkey-04-in-the-browser");
    });
    await page.expectProblem(NOT_USED);
    await capture(page.page, "personas-passkey-05-not-used");
    await browser.usePasskey(() => operation.continue());
    await operation.expectDone("Withdrawn");
  });

  await test.step("who does not want to wait for the browser stops waiting, and drops it", async () => {
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
    await wallet.approve();
    await button("Stop waiting").click();
    await page.expectProblem("The browser's visit was ended.");
    await operation.drop();
    await expect(page.page.getByRole("heading", { name: "Dropped" })).toBeVisible();
  });

  await test.step("it is named wherever the keys are, and what to do when it is lost", async () => {
    await page.go("Security");
    await expect(page.page.getByText("Passkey with the MFA key").first()).toBeVisible();
    await capture(page.page, "personas-passkey-06-security");
    await page.go("Keys");
    await expect(
      page.page.getByRole("region", { name: "MFA key" }).getByText("Your passkey", { exact: true }),
    ).toBeVisible();
    await capture(page.page, "personas-passkey-07-keys");
    await button("This passkey is lost, the one of the MFA key").click();
    await expect(page.heading("The passkey of your MFA key is lost")).toBeVisible();
    await capture(page.page, "personas-passkey-08-lost");
  });

  await test.step("the key goes back to the network, by the passkey", async () => {
    await page.go("Keys");
    await button("Give the MFA key back to the key network").click();
    await page.proveForNewKey();
    await ledgerWizard.expectReview();
    await ledgerWizard.start();
    await browser.usePasskey(() => wallet.approve());
    await operation.expectDone("Key network now holds the MFA key");
  });

  expect((await devnet.executed(account)).map(({ eventName }) => eventName)).toEqual([
    "KeyReplaced",
    "Withdrawn",
    "KeyReplaced",
  ]);
});
