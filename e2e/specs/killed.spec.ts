import { toAddress } from "#core/primitives/address.ts";
import type { Devnet } from "../support/devnet.ts";
import type { Lines } from "../support/lines/lines.ts";
import { expect, test } from "../support/test.ts";
import type { Wallet } from "../support/wallet.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
const WITHDRAWAL = { symbol: "TUSD", to: RECIPIENT, amount: "1" };

const ANYTHING = /./;
/** What the wallet asks the chain while an operation settles. */
const RECEIPT = /eth_getTransactionReceipt/;

test("a withdrawal that is killed after every step goes on each time, and runs once", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  const account = await wallet.openAccount();

  await test.step("killed while the account is put on the chain", async () => {
    const relay = lines.relay.hold(ANYTHING, "after");
    await wallet.page.startWithdrawal(WITHDRAWAL);
    await relay.reached;
    await wallet.page.operation.steps.expectStatus("deploy", "running");
    await killAndRestart(wallet);
    lines.mend();
  });
  await killInTheMiddle(devnet, lines, wallet);
  await killOnTheWayToTheChain(lines, wallet);

  await expect(wallet.page.operation.banner).toBeHidden();
  expect((await devnet.executed(account)).map(({ eventName }) => eventName)).toEqual(["Withdrawn"]);
  expect(await devnet.tokenBalance("TUSD", account)).toBe(999_000_000n);
});

test("a key replacement that is killed after every step goes on each time, and runs once", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  const account = await wallet.openAccount();

  await test.step("killed while the Ledger asks to accept the role", async () => {
    await wallet.page.openLedgerWizard("MFA key");
    await wallet.page.ledgerWizard.showAddress();
    await wallet.page.ledgerWizard.expectReview();
    await devnet.ledger("settings", { approval: "ask" });
    await wallet.page.ledgerWizard.start();
    await devnet.ledgerAsks();
    await killAndRestart(wallet);
    await devnet.ledger("reject");
  });
  await test.step("killed while the account is put on the chain", async () => {
    const relay = lines.relay.hold(ANYTHING, "after");
    await wallet.page.operation.continue();
    await devnet.ledgerAsks();
    await devnet.ledger("approve");
    await relay.reached;
    await wallet.page.operation.steps.expectStatus("accept", "done");
    await killAndRestart(wallet);
    lines.mend();
  });
  await killInTheMiddle(devnet, lines, wallet);
  await killOnTheWayToTheChain(lines, wallet, async () => {
    await devnet.ledgerAsks();
    await wallet.page.operation.steps.expectStatus("settle", "done");
  });
  await test.step("killed while the Ledger asked for the trial: it asks again", async () => {
    await devnet.ledger("reject");
    await wallet.page.operation.continue();
    await devnet.ledgerAsks();
    await devnet.ledger("approve");
    await wallet.page.operation.expectDone("Your Ledger now holds the MFA key");
  });

  expect((await devnet.executed(account)).map(({ eventName }) => eventName)).toEqual(["KeyReplaced"]);
  await wallet.page.go("Keys");
  await expect(wallet.page.page.getByLabel("MFA key", { exact: true })).toContainText("Your Ledger");
});

test("an operation that was killed can be dropped instead, and never runs", async ({ devnet, funded }) => {
  const before = await devnet.executed(funded.account);
  await devnet.longAgo(() => killAndRestart(funded));
  await funded.page.startWithdrawal(WITHDRAWAL);
  await funded.approve();
  await funded.page.operation.steps.expectStatus("prove", "needs-you");
  await killAndRestart(funded);
  await funded.page.operation.drop();
  await expect(funded.page.operation.banner).toBeHidden();

  await killAndRestart(funded);
  await expect(funded.page.operation.banner).toBeHidden();
  expect(await devnet.executed(funded.account)).toEqual(before);
});

test("a creation that is killed goes on where it stopped, with the keys it has made", async ({
  lines,
  walletOnLines: wallet,
}) => {
  const mfaRecord = lines.relay.hold(ANYTHING, "after");
  const first = await wallet.start();
  await first.code.enter(await first.askForAccount());
  await mfaRecord.reached;
  const recoveryRecord = lines.relay.hold(ANYTHING, "after");
  mfaRecord.release();
  await recoveryRecord.reached;
  await first.creation.expectStatus("records", "running");
  const made = await first.shortAddresses();
  expect(made).toHaveLength(3);
  await wallet.kill();
  lines.mend();

  const page = await wallet.start();
  await expect(page.heading("Trivet is locked")).toBeVisible();
  await page.code.sendAndEnter();
  await expect(page.heading("Your account is ready")).toBeVisible({ timeout: 60_000 });
  await page.page.getByRole("button", { name: "Go to your account" }).click();
  await page.go("Keys");
  const now = (await page.page.getByRole("main").innerText()).replace(/\s/g, "");
  for (const short of made) expect(now).toMatch(new RegExp(short.replace("…", "[0-9a-fA-F]{28}")));
});

/** From the confirm window to the moment when nothing but the relay is missing. */
async function killInTheMiddle(devnet: Devnet, lines: Lines, wallet: Wallet): Promise<void> {
  await test.step("killed with the confirm window open", async () => {
    await wallet.page.operation.continue();
    await wallet.confirm();
    await wallet.page.operation.steps.expectStatus("deploy", "done");
    await devnet.longAgo(() => killAndRestart(wallet));
  });
  await test.step("killed when it waits for the code", async () => {
    await wallet.page.operation.continue();
    await wallet.approve();
    await wallet.page.operation.steps.expectStatus("prove", "needs-you");
    await killAndRestart(wallet);
  });
  await test.step("killed when the key network cannot sign", async () => {
    await devnet.stopNode(1);
    await devnet.stopNode(2);
    await wallet.page.operation.continue();
    await wallet.page.proveIfAsked();
    // An approval does not outlive the process that took it.
    await wallet.approve();
    await wallet.page.operation.steps.expectStatus("cosign", "failed");
    await killAndRestart(wallet);
    await devnet.startNode(1);
    await devnet.startNode(2);
  });
  await test.step("killed when both keys have signed, before the relay has it", async () => {
    const relay = lines.relay.hold(ANYTHING, "before");
    await wallet.page.operation.continue();
    await wallet.page.proveIfAsked();
    await wallet.approve();
    await relay.reached;
    await wallet.page.operation.steps.expectStatus("submit", "running");
    await killAndRestart(wallet);
    lines.mend();
  });
}

/** From the relay to the end; `end` waits until the last step that the chain has a part in is done. */
async function killOnTheWayToTheChain(
  lines: Lines,
  wallet: Wallet,
  end: () => Promise<void> = async () => wallet.page.operation.expectDone("Withdrawn"),
): Promise<void> {
  await test.step("killed when the chain has it, and the wallet does not know", async () => {
    const relay = lines.relay.hold(ANYTHING, "after");
    await wallet.page.operation.continue();
    await relay.reached;
    await killAndRestart(wallet);
    lines.mend();
    await expect(wallet.page.operation.dropButton).toBeHidden();
  });
  await test.step("killed before the chain has confirmed it", async () => {
    const chain = lines.chain.hold(RECEIPT, "before");
    await wallet.page.operation.continue();
    await chain.reached;
    await wallet.page.operation.steps.expectStatus("settle", "running");
    await killAndRestart(wallet);
    lines.mend();
  });
  await test.step("killed when the chain has confirmed it", async () => {
    await wallet.page.operation.continue();
    await end();
    await killAndRestart(wallet);
  });
}

/** SIGKILL, start, unlock; the home screen then shows what was in flight. */
async function killAndRestart(wallet: Wallet): Promise<void> {
  await wallet.kill();
  const page = await wallet.start();
  await page.unlock();
  await expect(page.heading("Your account")).toBeVisible();
}
