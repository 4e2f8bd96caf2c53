import { toAddress } from "#core/primitives/address.ts";
import { wrongCode } from "../pages/code.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
const WITHDRAWAL = { symbol: "TUSD", to: RECIPIENT, amount: "40.25" };

const ANYTHING = /./;

test("from the welcome to a Ledger that holds the MFA key", async ({ devnet, lines, walletOnLines }) => {
  const page = await walletOnLines.start();
  const show = (name: string) => capture(page.page, name);

  await expect(page.heading("Your account stands on three keys")).toBeVisible();
  await show("01-welcome");
  await page.page.getByLabel("Email address").fill("ada@example");
  await page.page.getByRole("button", { name: "Send code" }).click();
  await show("02-welcome-no-email-address");
  const code = await page.askForAccount();
  await show("03-code");
  await page.code.enter(wrongCode(code));
  await page.expectProblem("That code is not right.");
  await show("04-code-wrong");

  const relay = lines.relay.hold(ANYTHING, "before");
  await page.code.enter(code);
  await relay.reached;
  await page.creation.expectStatus("records", "running");
  await show("05-creating");
  lines.relay.cut();
  relay.release();
  await page.creation.expectStatus("records", "failed");
  await show("06-creating-failed");
  lines.mend();
  await page.page.getByRole("button", { name: "Continue" }).click();
  await expect(page.heading("Your account is ready")).toBeVisible({ timeout: 60_000 });
  await show("07-ready");

  await page.page.getByRole("button", { name: "Go to your account" }).click();
  const account = await page.accountAddress();
  await page.expectProblem("Your account is empty");
  await show("08-home-empty");
  await page.go("Receive");
  await expect(page.heading("Receive")).toBeVisible();
  await show("09-receive");
  await page.go("Keys");
  await expect(page.heading("Keys")).toBeVisible();
  await show("10-keys");
  await page.go("Settings");
  await expect(page.heading("Settings")).toBeVisible();
  await show("11-settings");
  await page.lock();
  await show("12-locked");
  await page.unlock();

  await devnet.fund(account, null, "1");
  await devnet.ledger("lock");
  await page.openLedgerWizard("MFA key");
  await page.ledgerWizard.expectState("unlock");
  await show("13-ledger-locked");
  await devnet.ledger("unlock");
  await page.ledgerWizard.expectConnected();
  await show("14-ledger-address");
  await devnet.ledger("settings", { approval: "ask" });
  await page.ledgerWizard.showAddress();
  await devnet.ledgerAsks();
  await page.ledgerWizard.expectState("confirm-on-device");
  await show("15-ledger-address-on-the-ledger");
  await devnet.ledger("approve");
  await page.ledgerWizard.expectReview();
  await show("16-ledger-review");
  await devnet.ledger("settings", { rawMessages: false });
  await page.ledgerWizard.start();
  await page.operation.steps.expectStatus("accept", "failed");
  await show("17-ledger-raw-messages-off");
  await devnet.ledger("settings", { rawMessages: true });
  await page.operation.continue();
  await devnet.ledgerAsks();
  await show("18-ledger-accepts");
  await devnet.ledger("approve");
  const confirm = await walletOnLines.confirm();
  await confirm.expectShows("Replace the MFA key");
  await captureConfirm(confirm.page, "19-confirm-key-replacement");
  await confirm.approve();
  await page.proveIfAsked();
  await devnet.ledgerAsks();
  await page.operation.steps.expectStatus("trial", "needs-you");
  await show("20-ledger-trial");
  await devnet.ledger("approve");
  await page.operation.expectDone("Your Ledger now holds the MFA key");
  await show("21-ledger-done");
  await page.go("Keys");
  await expect(page.page.getByLabel("MFA key", { exact: true })).toContainText("Your Ledger");
  await show("22-keys-with-ledger");
});

test("a withdrawal with a network-held MFA key", async ({ devnet, lines, funded }) => {
  const { page } = funded;
  const show = (name: string) => capture(page.page, name);
  await page.lock();
  await devnet.longAgo(() => page.unlock());

  await expect(page.page.getByText("Trivet Dollar").first()).toBeVisible();
  await show("30-home");
  await page.go("Withdraw");
  await expect(page.heading("Withdraw")).toBeVisible();
  await show("31-withdraw");
  await page.fillWithdrawal({ symbol: "TUSD", to: RECIPIENT.replace("C8", "c8"), amount: "5000" });
  await page.expectProblem("The checksum does not match");
  await show("32-withdraw-errors");
  await page.fillWithdrawal(WITHDRAWAL);
  await expect(page.heading("Review the withdrawal")).toBeVisible();
  await show("33-withdraw-review");
  await page.page.getByRole("button", { name: "Go on to sign" }).click();
  const confirm = await funded.confirm();
  await confirm.expectShows("Withdraw 40.25 TUSD");
  await captureConfirm(confirm.page, "34-confirm-withdrawal");
  await page.operation.steps.expectStatus("confirm", "needs-you");
  await show("35-operation-confirm");
  await confirm.approve();
  await page.operation.steps.expectStatus("prove", "needs-you");
  await show("36-operation-prove");
  await page.operation.dropButton.click();
  await expect(page.page.getByRole("alertdialog")).toBeVisible();
  await show("37-operation-drop");
  await page.page.getByRole("button", { name: "Keep it" }).click();
  const code = await page.code.send();
  await show("38-operation-code");
  const relay = lines.relay.hold(ANYTHING, "before");
  await page.code.enter(code);
  await relay.reached;
  await page.operation.steps.expectStatus("submit", "running");
  await show("39-operation-running");
  lines.relay.cut();
  relay.release();
  await page.operation.steps.expectStatus("submit", "failed");
  await show("40-operation-failed");
  await page.go("Home");
  await expect(page.operation.banner).toBeVisible();
  await show("41-home-in-flight");
  lines.mend();
  await page.operation.continue();
  await page.operation.expectDone("Withdrawn");
  await show("42-operation-done");
  await page.go("Home");
  await expect(page.page.getByText("Withdrew").first()).toBeVisible();
  await show("43-home-activity");
  lines.chain.cut();
  await page.go("Receive");
  await page.go("Home");
  await page.expectProblem("The chain cannot be reached.");
  await show("44-home-no-chain");
});

test("what the account's value asks for, and who could take it", async ({ devnet, funded }) => {
  const { page } = funded;
  const show = (name: string) => capture(page.page, name);

  await expect(page.page.getByText("Trivet suggests security level 1")).toBeVisible();
  await show("80-home-suggestion");
  await page.go("Security");
  await expect(page.page.getByText("To take your money, somebody needs your email code")).toBeVisible();
  await expect(page.page.getByText("On the devnet, one machine is everything")).toBeVisible();
  await show("81-security");
  await page.page
    .getByRole("button", { name: /step by step/ })
    .last()
    .click();
  await page.page.getByRole("button", { name: /: why/ }).first().click();
  await page.page.getByText("The chances of each thing").click();
  await show("82-security-open");

  await devnet.post("/api/price", { token: null, dollars: "2500" });
  await page.go("Home");
  await expect(page.page.getByText("Your account needs security level 1, and has level 0")).toBeVisible();
  await show("83-home-demand");
  await page.go("Receive");
  await expect(page.page.getByText("Raise the security level first")).toBeVisible();
  await show("84-receive-closed");
  await page.go("Security");
  await expect(page.page.getByText("The change that raises the level and helps most")).toBeVisible();
  await show("85-security-demand");
  await devnet.post("/api/price", { token: null, dollars: "500" });
});

test("a withdrawal with the MFA key on a Ledger", async ({ devnet, withLedger }) => {
  const { page } = withLedger;
  await devnet.ledger("settings", { approval: "ask" });
  await page.startWithdrawal(WITHDRAWAL);
  const confirm = await withLedger.confirm();
  await confirm.expectShows("Your Ledger shows, one after the other");
  await captureConfirm(confirm.page, "50-confirm-with-ledger");
  await confirm.approve();
  await devnet.ledgerAsks();
  await page.operation.steps.expectStatus("cosign", "needs-you");
  await capture(page.page, "51-operation-on-ledger");
  await devnet.ledger("reject");
  await page.operation.steps.expectStatus("cosign", "failed");
  await capture(page.page, "52-operation-rejected-on-ledger");
  await page.operation.drop();
  await page.operation.expectDone("Dropped");
  await capture(page.page, "53-operation-dropped");
});
