import { TestFriend } from "#core/friends/testing/friend.ts";
import { letterToLink, readLetter } from "#core/friends/wire.ts";
import { toAddress } from "#core/primitives/address.ts";
import { readFile } from "node:fs/promises";
import { openSettings, signChange } from "../pages/account-settings.ts";
import { FriendsScreen } from "../pages/friends.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

const DAY = 86_400;
const EVE = toAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC");

test("one key alone is allowed to withdraw after a delay: every screen says so before it signs, and what is due is run", async ({
  wallet,
  devnet,
}) => {
  test.setTimeout(300_000);
  await wallet.openAccount();
  const { page } = wallet.page;
  await openSettings(wallet);
  const rules = page.getByRole("form", { name: "Rules" });
  const review = rules.getByRole("button", { name: "Review the rules" });
  await expect(review).toBeDisabled();
  await rules.getByRole("checkbox", { name: "Device key" }).check();
  await expect(rules.getByText("Whoever has such a key alone can take everything")).toBeVisible();
  await capture(page, "account-rules-01");
  await review.click();
  await signChange(wallet, "Change the account's rules", "The rules are changed");

  await wallet.page.fillWithdrawal({ symbol: "TUSD", to: EVE, amount: "20" });
  await expect(wallet.page.heading("Review the withdrawal")).toBeVisible();
  await expect(page.getByRole("radio", { name: "Device key and MFA key At once" })).toBeChecked();
  await expect(page.getByText("20 TUSD leaves the account at once")).toBeVisible();
  await page.getByRole("radio", { name: /^Device key After 7 days, unless it is cancelled/ }).click();
  await expect(
    page.getByText(/waits 7 days\. Any other active key of the account can cancel it/),
  ).toBeVisible();
  await capture(page, "account-rules-02-withdrawal");
  await page.getByRole("button", { name: "Go on to sign" }).click();
  const confirm = await wallet.confirm();
  await confirm.expectShows(/waits 7 days/, /it never runs/, "If you do nothing", "What it cannot do");
  await captureConfirm(confirm.page, "account-rules-03-confirm");
  await confirm.approve();
  await wallet.page.operation.expectDone("Scheduled");

  await devnet.advance(7 * DAY + 120);
  await wallet.page.go("Freeze");
  const scheduled = page.getByRole("region", { name: "What is scheduled" });
  await expect(scheduled.getByText("Withdraw 20 TUSD")).toBeVisible();
  await capture(page, "account-rules-04-due");
  await scheduled.getByRole("button", { name: "Run it now" }).click();
  await expect(scheduled).toHaveCount(0);
  expect(await devnet.tokenBalance("TUSD", EVE)).toBeGreaterThanOrEqual(20_000_000n);
});

test("where a role has two keys, how many of them sign is changed, and is asked for from then on", async ({
  wallet,
}) => {
  test.setTimeout(300_000);
  await wallet.openAccount();
  const { page } = wallet.page;
  const friends = new FriendsScreen(wallet);
  await openSettings(wallet);
  await expect(page.getByRole("region", { name: "How many sign" })).toHaveCount(0);
  await friends.open();
  const invitation = readLetter(await readFile(await friends.invite("Dan", "Ana"), "utf8"));
  if (invitation.kind !== "invitation") throw new Error("this is no invitation");
  const dan = new TestFriend(`0x${"da".repeat(32)}`, `0x${"5d".repeat(32)}`);
  await friends.paste(letterToLink(await dan.accept(invitation)) ?? "");
  await expect(friends.letter.getByText("Dan accepted")).toBeVisible();
  await friends.add("Beside the keys that the role has");
  await wallet.approve();
  await wallet.page.proveIfAsked();
  await wallet.page.operation.expectDone("Your account has a new Recovery key");

  await openSettings(wallet);
  const thresholds = page.getByRole("region", { name: "How many sign" });
  const review = thresholds.getByRole("button", { name: "Review" });
  await expect(review).toBeDisabled();
  await thresholds.getByLabel("Keys that sign as Recovery key").selectOption({ label: "2 of 2" });
  await capture(page, "account-rules-05-threshold");
  await review.click();
  await signChange(wallet, "Change how many sign as Recovery key", "2 must sign as Recovery key from now on");
  await friends.open();
  await expect(page.getByText("2 of 2 have to sign as Recovery key.")).toBeVisible();
  await capture(page, "account-rules-06-two");
});
