import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toAddress } from "#core/primitives/address.ts";
import { ChangePage } from "../pages/change.ts";
import { capture } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

const BEN = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
/** Begins and ends as Ben's address does. */
const TWIN = toAddress(`0x709979${"1".repeat(29)}c79c8`);
const DAY = 86_400;

test("a contact is paid, a look-alike is not taken for it, and all of it is in the activity and its export", async ({
  wallet,
}) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  await wallet.page.go("Contacts");
  await page.getByLabel("Name", { exact: true }).fill("Ben Miller");
  await page.getByLabel("Address", { exact: true }).fill(BEN);
  await expect(page.getByText("The checksum is right")).toBeVisible();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("list", { name: "Contacts" }).getByText("Ben Miller")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Bеn Miller");
  await page.getByLabel("Address", { exact: true }).fill(TWIN);
  await expect(page.getByText("This address looks like Ben Miller, but is not")).toBeVisible();
  await capture(page, "contacts-01-look-alike");

  await wallet.page.fillWithdrawal({ symbol: "TUSD", to: TWIN, amount: "1" });
  await expect(wallet.page.heading("Review the withdrawal")).toBeVisible();
  await expect(page.getByRole("button", { name: "Go on to sign" })).toBeDisabled();
  await capture(page, "contacts-02-withdrawal-to-a-look-alike");

  await page.getByRole("button", { name: "Back" }).click();
  await page.getByLabel("Choose a contact").selectOption("Ben Miller");
  await page.getByLabel("Amount").fill("40.25");
  await page.getByRole("button", { name: "Review" }).click();
  await expect(page.getByText("Your contact Ben Miller")).toBeVisible();
  await page.getByRole("button", { name: "Go on to sign" }).click();
  await wallet.approve();
  await wallet.page.proveIfAsked();
  await wallet.page.operation.expectDone("Withdrawn");

  await wallet.page.go("Activity");
  const list = page.getByRole("list", { name: "Activity" });
  await expect(list.getByText("Withdrew 40.25 TUSD to Ben Miller.")).toBeVisible();
  await expect(list.getByText("Received 10 ETH.")).toBeVisible();
  await capture(page, "activity-01-list");
  await page.getByLabel("Kind").selectOption("Money out");
  await expect(list.getByRole("listitem")).toHaveCount(1);
  const folder = await mkdtemp(path.join(tmpdir(), "trivet-e2e-export-"));
  const file = path.join(folder, "activity.csv");
  await wallet.host.command({ do: "answer-save-dialog", path: file });
  await page.getByRole("button", { name: "Save as CSV" }).click();
  await expect(page.getByText("Saved 1 of them as activity.csv.")).toBeVisible();
  expect(await readFile(file, "utf8")).toContain("40.25,TUSD");
  await rm(folder, { recursive: true });
  await list.getByText("Withdrew 40.25 TUSD to Ben Miller.").click();
  await expect(page.getByText("Device key and MFA key")).toBeVisible();
  await capture(page, "activity-02-item");
});

test("what is due is run from the activity, without a signature", async ({ devnet, wallet }) => {
  await wallet.openAccount();
  const { page } = wallet.page;
  const change = new ChangePage(page);
  await wallet.page.go("Freeze");
  await page.getByRole("button", { name: "Archive the account" }).click();
  await change.expectReview("Archive the account");
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.expectDone("Your account is archived");
  await page.getByRole("button", { name: "See how your account stands" }).click();
  await page.getByRole("button", { name: "Unfreeze the account" }).click();
  await change.choose("Recovery key");
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.expectDone("Scheduled");

  await wallet.page.go("Activity");
  const coming = page.getByRole("region", { name: "What is to come" });
  await expect(coming.locator('[data-stage="waiting"]')).toContainText("Unfreeze the account.");
  await expect(coming.getByRole("button", { name: "Run it now" })).toHaveCount(0);
  await devnet.advance(7 * DAY + 60);
  await expect(coming.locator('[data-stage="due"]')).toBeVisible({ timeout: 20_000 });
  await capture(page, "activity-03-due");
  await coming.getByRole("button", { name: "Run it now" }).click();
  await expect(page.getByText("It ran. The chain has it.")).toBeVisible({ timeout: 30_000 });
  await expect(coming).toBeHidden();
  await expect(page.getByRole("list", { name: "Activity" }).getByText("Unfroze the account.")).toBeVisible();
  await wallet.page.go("Freeze");
  await expect(page.getByText("Your account is open")).toBeVisible();
});
