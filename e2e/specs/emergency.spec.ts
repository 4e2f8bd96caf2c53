import { privateKeyToAccount } from "viem/accounts";
import { toAddress } from "#core/primitives/address.ts";
import { ChangePage } from "../pages/change.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

/** Another wallet of the person's, which Trivet knows nothing of. */
const other = privateKeyToAccount(`0x${"5e".repeat(32)}`);
const ADDRESS = toAddress(other.address);

test("an emergency address is added, rehearsed by the wallet's signature, and removed", async ({
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  const change = new ChangePage(page);
  const see = async () => {
    await page.getByRole("button", { name: "See your emergency addresses" }).click();
    await expect(wallet.page.heading("Emergency addresses")).toBeVisible();
  };

  await wallet.page.go("Keys");
  await page.getByRole("link", { name: /^Emergency addresses/ }).click();
  await expect(page.getByText("Your account has none.")).toBeVisible();
  await page.getByLabel("Address of the other wallet").fill(wallet.account);
  await page.getByRole("button", { name: "Review" }).click();
  await wallet.page.expectProblem("This is your own account's address");
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await page.getByLabel("Address of the other wallet").fill(ADDRESS);
  await capture(page, "emergency-01-add");
  await page.getByRole("button", { name: "Review" }).click();
  await change.expectReview("Add an emergency address");
  await capture(page, "emergency-02-review");
  await change.goOn();
  const confirm = await wallet.confirm();
  await confirm.expectShows("Add emergency address");
  expect((await confirm.text()).replaceAll(" ", "")).toContain(ADDRESS);
  await captureConfirm(confirm.page, "emergency-03-confirm");
  await confirm.approve();
  await wallet.page.operation.expectDone("Your account has a new emergency address");
  await see();
  await expect(page.getByText("Never rehearsed")).toBeVisible();

  await page.getByRole("button", { name: "Rehearse" }).click();
  const message = await page.locator("[data-rehearsal]").innerText();
  await capture(page, "emergency-04-rehearse");
  await page.getByLabel("Signature").fill(await other.signMessage({ message: `${message}!` }));
  await page.getByRole("button", { name: "Check the signature" }).click();
  await wallet.page.expectProblem("This is not the signature of that wallet");
  await page.getByLabel("Signature").fill(await other.signMessage({ message }));
  await page.getByRole("button", { name: "Check the signature" }).click();
  await expect(page.getByText("It worked by a signature")).toBeVisible();
  await capture(page, "emergency-05-rehearsed");

  // The explorer counts it: whoever has that wallet can take everything, and it is a way back for the owner.
  await wallet.page.go("Security");
  await expect(page.getByText(`Emergency address ${ADDRESS.slice(0, 6)}`).first()).toBeVisible({
    timeout: 30_000,
  });

  await wallet.page.go("Keys");
  await expect(page.getByText("One address, rehearsed.")).toBeVisible();
  await page.getByRole("link", { name: /^Emergency addresses/ }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await change.expectReview("Remove an emergency address");
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.expectDone("The emergency address is gone");
  await see();
  await expect(page.getByText("Your account has none.")).toBeVisible();
});
