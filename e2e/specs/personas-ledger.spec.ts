import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toAddress } from "#core/primitives/address.ts";
import { ChangePage } from "../pages/change.ts";
import type { Devnet } from "../support/devnet.ts";
import { Keyboard } from "../support/keyboard.ts";
import type { Lines } from "../support/lines/lines.ts";
import { startOtherLedger } from "../support/other-ledger.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";
import { Wallet } from "../support/wallet.ts";

const RECIPIENT = toAddress("0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65");
const WRONG_LEDGER = "This Ledger holds other keys than the one that is asked for.";

/** Whether the Ledger of the devnet is plugged in, or the other one that the person has. */
async function twoLedgers(devnet: Devnet, lines: Lines) {
  const { ledger } = devnet.network;
  if (ledger.transport !== "speculos") throw new Error("this is not a devnet");
  const other = await startOtherLedger();
  return {
    plugInFirst: () => lines.ledger.connectTo(ledger.url),
    plugInSecond: () => lines.ledger.connectTo(other.url),
    put: () => other.close(),
  };
}

test("a person with the MFA key on one Ledger and the recovery key on another, who then loses the first", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  test.setTimeout(300_000);
  const ledgers = await twoLedgers(devnet, lines);
  const account = await wallet.openAccount();
  const { page } = wallet;
  const { ledgerWizard, operation } = page;

  await test.step("the MFA key goes to the first Ledger, which is locked at first", async () => {
    await devnet.ledger("lock");
    await page.openLedgerWizard("MFA key");
    await ledgerWizard.expectState("unlock");
    await capture(page.page, "personas-ledger-01-locked");
    await devnet.ledger("unlock");
    await devnet.ledger("app", { open: true });
    await ledgerWizard.expectConnected();
    await ledgerWizard.useAnotherAccount();
    await ledgerWizard.expectAccounts("Ledger Live", 5);
    await capture(page.page, "personas-ledger-02-accounts");
    await ledgerWizard.chooseAccount("44'/60'/1'/0/0");
    await capture(page.page, "personas-ledger-03-address");
    await ledgerWizard.showAddress();
    await ledgerWizard.expectReview();
    await capture(page.page, "personas-ledger-04-review");
    await ledgerWizard.start();
    await wallet.approve();
    await page.proveIfAsked();
    await operation.expectDone("Your Ledger now holds the MFA key");
  });

  await test.step("a withdrawal is compared in the confirm window and signed on it", async () => {
    await devnet.ledger("settings", { approval: "ask" });
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "25" });
    const confirm = await wallet.confirm();
    await confirm.expectShows("Your Ledger shows, one after the other", "25 TUSD");
    await captureConfirm(confirm.page, "personas-ledger-05-confirm");
    await confirm.approve();
    await devnet.ledgerAsks();
    await capture(page.page, "personas-ledger-06-on-the-ledger");
    await devnet.ledger("approve");
    await operation.expectDone("Withdrawn");
    await devnet.ledger("settings", { approval: "always" });
  });

  await test.step("the recovery key goes to the second Ledger; each step asks for the right one", async () => {
    ledgers.plugInSecond();
    await page.openLedgerWizard("Recovery key");
    await ledgerWizard.expectConnected();
    await ledgerWizard.showAddress();
    await ledgerWizard.expectReview();
    await new ChangePage(page.page).choose("Device key and MFA key");
    await ledgerWizard.start();
    await wallet.approve();
    await page.expectProblem(WRONG_LEDGER);
    await expect(page.page.getByText("holds your MFA key")).toBeVisible();
    await capture(page.page, "personas-ledger-07-wrong-ledger");
    ledgers.plugInFirst();
    await operation.continue();
    // The trial signature is the second Ledger's again. The problem is that step's own, and not the one before's.
    await expect(page.page.getByText("is to hold your Recovery key")).toBeVisible();
    await page.expectProblem(WRONG_LEDGER);
    ledgers.plugInSecond();
    await operation.continue();
    await operation.expectDone("Your Ledger now holds the Recovery key");
  });

  await test.step("the first Ledger is lost: the MFA key goes back to the network, by the second", async () => {
    await page.go("Keys");
    await capture(page.page, "personas-ledger-08-keys");
    await page.page.getByRole("button", { name: "This Ledger is lost, the one of the MFA key" }).click();
    await expect(page.heading("The Ledger of your MFA key is lost")).toBeVisible();
    await capture(page.page, "personas-ledger-09-lost");
    await page.page.getByRole("button", { name: "Check the restored Ledger" }).click();
    await page.page.getByRole("button", { name: "Look for it" }).click();
    await page.expectProblem(WRONG_LEDGER);
    await capture(page.page, "personas-ledger-10-restored");
    await page.go("Keys");
    await page.page.getByRole("button", { name: "This Ledger is lost, the one of the MFA key" }).click();
    await page.page.getByRole("button", { name: "Back to the key network" }).click();
    await page.proveForNewKey();
    await ledgerWizard.expectReview();
    await expect(page.page.getByRole("radio", { name: /^Device key and MFA key/ })).toBeDisabled();
    await expect(page.page.getByRole("radio", { name: /^Device key and Recovery key/ })).toBeChecked();
    await capture(page.page, "personas-ledger-11-back-to-the-network");
    await ledgerWizard.start();
    await wallet.approve();
    await operation.expectDone("Key network now holds the MFA key");
  });

  await test.step("withdrawing goes on, with the network's new key", async () => {
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "5" });
    await wallet.approve();
    await page.proveIfAsked();
    await operation.expectDone("Withdrawn");
  });

  expect((await devnet.executed(account)).map(({ eventName }) => eventName)).toEqual([
    "KeyReplaced",
    "Withdrawn",
    "KeyReplaced",
    "KeyReplaced",
    "Withdrawn",
  ]);
  await ledgers.put();
});

/** A description of the devnet that has Ledger's newer library speak to the Ledger. */
async function withDeviceManagementKit({ network }: Devnet): Promise<string> {
  const ledger = { ...network.ledger, library: "device-management-kit" };
  const file = path.join(await mkdtemp(path.join(tmpdir(), "trivet-kit-")), "network.json");
  await writeFile(file, JSON.stringify({ ...network, ledger }));
  return file;
}

test("with the keyboard alone, and by Ledger's newer library, a Ledger takes the MFA key and signs", async ({
  devnet,
}) => {
  await devnet.reset();
  const networkFile = await withDeviceManagementKit(devnet);
  const wallet = await Wallet.create(devnet, networkFile);
  await wallet.openAccount();
  const { page } = wallet;
  const keyboard = new Keyboard(page.page);
  const approveByKey = async (): Promise<void> => {
    const confirm = await wallet.confirm();
    await expect(confirm.page.getByRole("button", { name: "Approve" })).toBeEnabled();
    await confirm.byKeyboard("Approve");
  };

  await keyboard.press("Keys", "link");
  await keyboard.press("Use a Ledger instead, for the MFA key");
  await page.ledgerWizard.expectConnected();
  await keyboard.press("Show it on my Ledger");
  await page.ledgerWizard.expectReview();
  await keyboard.press("Start the change");
  await approveByKey();
  await page.operation.expectDone("Your Ledger now holds the MFA key");

  await keyboard.press("Withdraw", "link");
  await keyboard.type("Recipient", RECIPIENT);
  await keyboard.type("Amount", "0.25");
  await keyboard.press("Review");
  await keyboard.press("Go on to sign");
  await devnet.ledger("settings", { approval: "ask" });
  await approveByKey();
  await devnet.ledgerAsks();
  await devnet.ledger("reject");
  await page.expectProblem("You rejected this on your Ledger. Nothing was signed.");
  await devnet.ledger("settings", { approval: "always" });
  await keyboard.press("Continue");
  await page.operation.expectDone("Withdrawn");
  await wallet.dispose();
  await rm(path.dirname(networkFile), { recursive: true });
});
