import { ChangePage } from "../pages/change.ts";
import { befriend, FriendsScreen } from "../pages/friends.ts";
import { JoiningScreens } from "../pages/joining.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { putOnChain } from "../support/on-chain.ts";
import { expect, test } from "../support/test.ts";
import { Wallet } from "../support/wallet.ts";

const DAY = 86_400;

/** A new computer on which the account's owner gave its address and signed in. */
async function newComputer(old: Wallet): Promise<{ laptop: Wallet; joining: JoiningScreens }> {
  const laptop = await old.anotherComputer();
  const { page } = await laptop.start();
  const joining = new JoiningScreens(page);
  await joining.giveAccount(old.account);
  await joining.expectSignIn();
  await laptop.page.signIn();
  await joining.expectOutside();
  return { laptop, joining };
}

/** Has the key network's recovery key sign, up to the confirm window. */
async function review(joining: JoiningScreens): Promise<ChangePage> {
  const change = new ChangePage(joining.page);
  await joining.startRecovery();
  await change.expectReview("Add a Device key");
  return change;
}

test("a recovery on a new computer is rejected by the old one, begun again, and opens the account by time alone", async ({
  wallet: old,
  devnet,
}) => {
  await old.openAccount();
  await putOnChain(old);
  const { laptop, joining } = await newComputer(old);
  const code = await joining.code();
  const change = await review(joining);
  await capture(joining.page, "recovery-01-review");
  await change.goOn();
  const confirm = await laptop.confirm();
  await confirm.expectShows("Add device key", code);
  await captureConfirm(confirm.page, "recovery-02-confirm");
  await confirm.approve();
  await laptop.page.operation.expectDone("The new computer is pending");
  await capture(joining.page, "recovery-03-begun");
  await joining.page.getByRole("button", { name: "See how it stands" }).click();
  await joining.expectPending();
  await expect(joining.page.getByRole("timer").first()).toHaveText(/^(7 days 0|6 days 23):/);
  await capture(joining.page, "recovery-04-waiting");

  // The old computer is warned on whatever screen it is, sees whose it is, and says no with its one key.
  const { page } = old.page;
  await old.page.go("Home");
  await expect(page.getByText("A device key was added and is pending").first()).toBeVisible({
    timeout: 60_000,
  });
  await capture(page, "recovery-05-warned");
  await page.getByRole("button", { name: "See whose it is" }).click();
  const pending = page.locator('[data-device-state="pending"]');
  await expect(pending).toContainText(code);
  await capture(page, "recovery-06-whose");
  await pending.getByRole("button", { name: "Reject" }).click();
  const reject = new ChangePage(page);
  await reject.expectReview("Reject a pending key");
  await capture(page, "recovery-07-reject");
  await reject.goOn();
  await old.approve();
  await old.page.operation.expectDone("The pending key is gone");
  await expect(
    joining.page.getByRole("heading", { level: 1, name: "This computer was rejected" }),
  ).toBeVisible({ timeout: 60_000 });
  await capture(joining.page, "recovery-08-rejected");

  // Begun again, killed between the approval and the signature, and continued.
  await (await review(joining)).goOn();
  await laptop.confirm();
  await laptop.kill();
  await laptop.start();
  await laptop.page.unlockOutside();
  const again = laptop.page.page;
  await expect(again.getByRole("region", { name: /^In flight/ })).toBeVisible({ timeout: 60_000 });
  await again.getByRole("button", { name: "Continue" }).click();
  await laptop.approve();
  await laptop.page.operation.expectDone("The new computer is pending");
  await again.getByRole("button", { name: "See how it stands" }).click();
  await new JoiningScreens(again).expectPending();
  await old.stop();

  await devnet.advance(7 * DAY + 120);
  await expect(laptop.page.heading("Your account")).toBeVisible({ timeout: 60_000 });
  await capture(again, "recovery-09-in");
  await laptop.dispose();
});

test("a Ledger that holds the recovery key brings a new computer in", async ({ wallet: old, devnet }) => {
  await old.openAccount();
  await old.page.startLedgerReplacement("Recovery key");
  await old.approve();
  await old.page.proveIfAsked();
  await old.page.operation.expectDone("Your Ledger now holds the Recovery key");
  await old.kill();

  const { laptop, joining } = await newComputer(old);
  const { page } = joining;
  await expect(page.getByText("The key network holds no recovery key of this account")).toBeVisible();
  await page.getByRole("button", { name: "Connect my Ledger" }).click();
  await expect(page.getByText("holds a recovery key")).toBeVisible({ timeout: 60_000 });
  await capture(page, "recovery-10-ledger");
  await (await review(joining)).goOn();
  await laptop.approve();
  await laptop.page.operation.expectDone("The new computer is pending");
  await page.getByRole("button", { name: "See how it stands" }).click();
  await joining.expectPending();
  await devnet.advance(7 * DAY + 120);
  await expect(laptop.page.heading("Your account")).toBeVisible({ timeout: 60_000 });
  await laptop.dispose();
});

test("a friend who holds the recovery key brings a new computer in, which knows nothing of the friend", async ({
  wallet: old,
  devnet,
}) => {
  test.setTimeout(420_000);
  await old.openAccount();
  const ben = await Wallet.create(devnet);
  await ben.openAccount();
  const bens = new FriendsScreen(ben);
  await befriend(old, ben);
  await old.kill();

  const { laptop, joining } = await newComputer(old);
  const { page } = joining;
  await expect(page.getByText("The key network holds no recovery key of this account")).toBeVisible();
  await capture(page, "recovery-11-friends");
  await (await review(joining)).goOn();
  const ask = new FriendsScreen(laptop);
  await expect(page.locator("[data-waits-for]")).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("Your own name").fill("Ana");
  await page.getByLabel("Why you ask").fill("My laptop is gone.");
  await page.getByRole("button", { name: "Make the request" }).click();
  const request = await ask.save(page.getByRole("main"), "the request", "request.json");
  await capture(page, "recovery-12-asking");
  await laptop.kill();

  await bens.open();
  await bens.openFile(request);
  await expect(bens.letter.getByText("Ana asks you to sign: Add device key")).toBeVisible();
  await capture(bens.page, "recovery-13-friend");
  const answer = await bens.sign("Sign", "signed.json");

  await laptop.start();
  await laptop.page.unlockOutside();
  const again = laptop.page.page;
  await expect(again.getByRole("region", { name: /^In flight/ })).toBeVisible({ timeout: 60_000 });
  await again.getByRole("button", { name: "Continue" }).click();
  await new FriendsScreen(laptop).openFile(answer, "Answer of a friend");
  await laptop.page.operation.expectDone("The new computer is pending");
  await again.getByRole("button", { name: "See how it stands" }).click();
  await new JoiningScreens(again).expectPending();
  await devnet.advance(7 * DAY + 120);
  await expect(laptop.page.heading("Your account")).toBeVisible({ timeout: 60_000 });
  await laptop.dispose();
  await ben.dispose();
});

test("an archived account is opened from a new computer by the recovery key, and then takes that computer in", async ({
  wallet: old,
  devnet,
}) => {
  test.setTimeout(420_000);
  await old.openAccount();
  await old.page.go("Freeze");
  await old.page.page.getByRole("button", { name: "Archive the account" }).click();
  const archive = new ChangePage(old.page.page);
  await archive.expectReview("Archive the account");
  await archive.goOn();
  await old.approve();
  await old.page.operation.expectDone("Your account is archived");
  await old.kill();

  const { laptop, joining } = await newComputer(old);
  const { page } = joining;
  await expect(page.getByText("The account is archived")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start the recovery" })).toHaveCount(0);
  await capture(page, "recovery-14-archived");
  await page.getByRole("button", { name: "Unfreeze it with the recovery key" }).click();
  const unfreeze = new ChangePage(page);
  await unfreeze.expectReview("Unfreeze the account");
  await capture(page, "recovery-15-unfreeze");
  await unfreeze.goOn();
  await laptop.approve();
  await laptop.page.operation.expectDone("Scheduled");
  await page.getByRole("button", { name: "See how it stands" }).click();
  await expect(page.getByText("The account is archived, and is being opened")).toBeVisible();
  await expect(page.getByRole("timer").first()).toHaveText(/^(7 days 0|6 days 23):/);
  await capture(page, "recovery-16-being-opened");
  await laptop.kill();

  await devnet.advance(7 * DAY + 120);
  await laptop.start();
  await laptop.page.unlockOutside();
  const again = laptop.page.page;
  await expect(again.getByText("The account is archived, and can be opened now")).toBeVisible({
    timeout: 60_000,
  });
  await capture(again, "recovery-17-due");
  await again.getByRole("button", { name: "Open the account now" }).click();
  await (await review(new JoiningScreens(again))).goOn();
  await laptop.approve();
  await laptop.page.operation.expectDone("The new computer is pending");
  await again.getByRole("button", { name: "See how it stands" }).click();
  await new JoiningScreens(again).expectPending();
  await devnet.advance(7 * DAY + 120);
  await expect(laptop.page.heading("Your account")).toBeVisible({ timeout: 60_000 });

  // In use: what two keys sign happens at once.
  const to = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  await laptop.page.startWithdrawal({ symbol: "TUSD", to, amount: "5" });
  await laptop.approve();
  await laptop.page.operation.expectDone("Withdrawn");
  await laptop.dispose();
});
