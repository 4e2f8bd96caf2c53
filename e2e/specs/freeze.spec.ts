import { toAddress } from "#core/primitives/address.ts";
import { ChangePage } from "../pages/change.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

const SUCCESSOR = toAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");
const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

test("an account is locked with one key, killed on the way back, and open again", async ({ wallet }) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  const change = new ChangePage(page);
  await wallet.page.go("Freeze");
  await expect(page.getByText("Your account is open")).toBeVisible();
  await capture(page, "freeze-01-open");

  await page.getByRole("button", { name: "Lock the account" }).click();
  await change.expectReview("Lock the account");
  await capture(page, "freeze-02-lock");
  await change.goOn();
  const confirm = await wallet.confirm();
  await confirm.expectShows("Lock account", /for 7 days/);
  await captureConfirm(confirm.page, "freeze-03-confirm");
  await confirm.approve();
  await wallet.page.operation.expectDone("Your account is locked");
  await page.getByRole("button", { name: "See how your account stands" }).click();
  await expect(page.getByRole("timer")).toHaveText(/^(7 days 0|6 days 23):/);
  await capture(page, "freeze-04-locked");

  // Everywhere it is said, and nothing can be started that would be refused anyway.
  await wallet.page.go("Home");
  await expect(page.getByText("Your account is locked")).toBeVisible();
  await capture(page, "freeze-05-banner");
  await wallet.page.fillWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
  await wallet.page.expectProblem("The account is locked: nothing leaves it");

  await page.getByRole("button", { name: "Unfreeze it" }).click();
  await page.getByRole("button", { name: "Unfreeze the account" }).click();
  await change.expectReview("Unfreeze the account");
  await capture(page, "freeze-06-unfreeze");
  await change.choose("Device key and Recovery key");
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.steps.expectStatus("confirm", "done");
  await wallet.kill();

  await wallet.start();
  await wallet.page.unlock();
  await wallet.page.operation.continue();
  const again = wallet.page.page;
  await wallet.approveUntil(again.getByRole("heading", { name: "Your account is open again" }));
  await wallet.page.go("Freeze");
  await expect(again.getByText("Your account is open")).toBeVisible();
});

test("an archive with a successor ends later by the recovery key alone, which is cancelled", async ({
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  const change = new ChangePage(page);
  const sign = async (done: string) => {
    await change.goOn();
    await wallet.approve();
    await wallet.page.operation.expectDone(done);
    await page.getByRole("button", { name: "See how your account stands" }).click();
  };

  await wallet.page.go("Freeze");
  await page.getByRole("button", { name: "Name a successor" }).click();
  await page.getByLabel("Address of the successor").fill(SUCCESSOR);
  await capture(page, "freeze-07-successor");
  await page.getByRole("button", { name: "Review" }).click();
  await change.expectReview("Name a successor");
  await sign("Your account has a successor");

  await page.getByRole("button", { name: "Archive the account" }).click();
  await change.expectReview("Archive the account");
  await sign("Your account is archived");
  await expect(page.getByText("Your account is archived")).toBeVisible();

  await page.getByRole("button", { name: "Unfreeze the account" }).click();
  await change.choose("Recovery key");
  await sign("Scheduled");
  const scheduled = page.getByRole("region", { name: "What is scheduled" });
  await expect(scheduled.getByText("Asked for by the Recovery key")).toBeVisible();
  await capture(page, "freeze-08-scheduled");
  await scheduled.getByRole("button", { name: "Cancel it" }).click();
  await change.expectReview("Cancel a scheduled operation");
  await sign("Cancelled: it never runs");
  await expect(scheduled).toBeHidden();
  await expect(page.getByText("Your account is archived")).toBeVisible();
});
