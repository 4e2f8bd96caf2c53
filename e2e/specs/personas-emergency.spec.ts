import path from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { ChangePage } from "../pages/change.ts";
import { ExitKitPage } from "../pages/exit-kit.ts";
import { Keyboard } from "../support/keyboard.ts";
import { everythingGoes } from "../support/everything-gone.ts";
import { openRpc } from "../support/open-rpc.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";

/** A wallet that the person keeps elsewhere, and of which Trivet knows nothing but the address. */
const OTHER_KEY: Hex = `0x${"6e".repeat(32)}`;
const other = privateKeyToAccount(OTHER_KEY);
const OTHER = toAddress(other.address);
/** Another wallet of the person's, which is mistaken for the right one. */
const MISTAKEN_KEY: Hex = `0x${"6f".repeat(32)}`;
const mistaken = privateKeyToAccount(MISTAKEN_KEY);

test("a person with an emergency address sets it up, rehearses it, and gets the funds out with that wallet alone", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  test.setTimeout(300_000);
  const account = await wallet.openAccount();
  const kitFile = path.join(wallet.profile, "exit-kit.html");
  const see = async () => {
    await wallet.page.go("Keys");
    await wallet.page.page.getByRole("link", { name: /^Emergency addresses/ }).click();
    await expect(wallet.page.heading("Emergency addresses")).toBeVisible();
  };

  await test.step("the address is set with device and MFA key; the power goes between the two signatures", async () => {
    const { page } = wallet.page;
    await see();
    await page.getByLabel("Address of the other wallet").fill(OTHER);
    await capture(page, "personas-emergency-01-address");
    await page.getByRole("button", { name: "Review" }).click();
    const change = new ChangePage(page);
    await change.expectReview("Add an emergency address");
    await capture(page, "personas-emergency-02-review");
    const nodes = devnet.network.keyNetwork;
    if (nodes.adapter !== "local") throw new Error("the devnet's key network has no nodes");
    for (const { index } of nodes.nodes.slice(0, 2)) await devnet.stopNode(index);
    await change.goOn();
    const confirm = await wallet.confirm();
    await confirm.expectShows("Add emergency address");
    expect((await confirm.text()).replaceAll(" ", "")).toContain(OTHER);
    await captureConfirm(confirm.page, "personas-emergency-03-confirm");
    await confirm.approve();
    await wallet.page.operation.steps.expectStatus("cosign", "failed");
    await capture(page, "personas-emergency-04-network-down");
    await wallet.kill();
    for (const { index } of nodes.nodes) await devnet.startNode(index);
    await wallet.start();
    await wallet.page.unlock();
    await wallet.page.operation.continue();
    // What this computer signed is kept; what goes to the network now is looked at once more.
    const done = wallet.page.page.getByRole("heading", { name: "Your account has a new emergency address" });
    await wallet.approveUntil(done);
  });

  await test.step("it is rehearsed: the wrong wallet's signature shows nothing, the right one's that it works", async () => {
    await see();
    const { page } = wallet.page;
    await expect(page.getByText("Never rehearsed")).toBeVisible();
    await page.getByRole("button", { name: "Rehearse" }).click();
    const message = await page.locator("[data-rehearsal]").innerText();
    await page.getByLabel("Signature").fill(await mistaken.signMessage({ message }));
    await page.getByRole("button", { name: "Check the signature" }).click();
    await wallet.page.expectProblem("This is not the signature of that wallet");
    await capture(page, "personas-emergency-05-wrong-wallet");
    await page.getByLabel("Signature").fill(await other.signMessage({ message }));
    await page.getByRole("button", { name: "Check the signature" }).click();
    await expect(page.getByText("It worked by a signature")).toBeVisible();
    await capture(page, "personas-emergency-06-rehearsed");
  });

  await test.step("the exit kit is saved", async () => {
    await wallet.host.command({ do: "answer-save-dialog", path: kitFile });
    await wallet.page.go("Keys");
    await wallet.page.page.getByRole("button", { name: "Save the exit kit" }).click();
    await expect(wallet.page.page.getByText("Saved as exit-kit.html")).toBeVisible();
  });

  await test.step("everything is gone: that wallet and the file are enough, a stranger's key is not", async () => {
    await devnet.fund(OTHER, null, "1");
    await wallet.kill();
    await everythingGoes(devnet, lines);
    const rpc = await openRpc(devnet.network.chain.rpcUrls[0] ?? "");
    const kit = await ExitKitPage.open(kitFile, rpc.url);
    await kit.hold(MISTAKEN_KEY, mistaken.address);
    await expect(kit.page.getByText("No key of this account.")).toBeVisible();
    await expect(
      kit.page.getByRole("button", { name: "Go on: Withdraw to an emergency address" }),
    ).toBeDisabled();
    await kit.close();

    const again = await ExitKitPage.open(kitFile, rpc.url);
    await again.hold(OTHER_KEY, OTHER);
    await again.goOn("Withdraw to an emergency address");
    await expect(again.page.getByLabel(/1000 TUSD/)).toBeVisible();
    await capture(again.page, "personas-emergency-07-exit-kit", [{ width: 900, height: 900 }]);
    await again.page.getByRole("button", { name: "Withdraw to this address" }).click();
    await again.send(2);
    expect(await devnet.tokenBalance("TUSD", account)).toBe(0n);
    expect(await devnet.chain.getBalance({ address: account })).toBe(0n);
    expect(await devnet.tokenBalance("TUSD", OTHER)).toBe(1_000_000_000n);
    expect(again.requested.filter((url) => !url.startsWith(rpc.url) && !/^(file|blob):/.test(url))).toEqual(
      [],
    );
    await again.close();
    await rpc.close();
  });
});

test("with the keyboard alone, an emergency address is added, rehearsed and withdrawn to", async ({
  devnet,
  walletOnLines: wallet,
}) => {
  test.setTimeout(300_000);
  const account = await wallet.openAccount();
  const { page } = wallet.page;
  const keyboard = new Keyboard(page);
  await keyboard.press("Keys", "link");
  await keyboard.press(/^Emergency addresses/, "link");
  // A mistyped character is told before anything is signed.
  await keyboard.type(
    "Address of the other wallet",
    `${OTHER.slice(0, -1)}${OTHER.endsWith("0") ? "1" : "0"}`,
  );
  await expect(page.getByRole("button", { name: "Review" })).toBeDisabled();
  await keyboard.type("Address of the other wallet", OTHER);
  await keyboard.press("Review");
  await keyboard.press("Go on to sign");
  const confirm = await wallet.confirm();
  await expect(confirm.page.getByRole("button", { name: "Approve" })).toBeEnabled();
  await confirm.byKeyboard("Approve");
  await wallet.page.operation.expectDone("Your account has a new emergency address");
  await keyboard.press("See your emergency addresses");
  await keyboard.press("Rehearse");
  const message = await page.locator("[data-rehearsal]").innerText();
  await keyboard.type("Signature", await other.signMessage({ message }));
  await keyboard.press("Check the signature");
  await expect(page.getByText("It worked by a signature")).toBeVisible();

  const file = path.join(wallet.profile, "exit-kit.html");
  await wallet.host.command({ do: "answer-save-dialog", path: file });
  await keyboard.press("Keys", "link");
  await keyboard.press("Save the exit kit");
  await expect(page.getByText("Saved as exit-kit.html")).toBeVisible();
  await devnet.fund(OTHER, null, "1");
  await wallet.kill();

  const rpc = await openRpc(devnet.network.chain.rpcUrls[0] ?? "");
  const kit = await ExitKitPage.open(file, rpc.url);
  const keys = new Keyboard(kit.page);
  await keys.goTo(kit.page.getByLabel("Private key", { exact: true }));
  await kit.page.keyboard.type(OTHER_KEY);
  await keys.press("Add");
  await keys.press("Go on: Withdraw to an emergency address");
  await expect(kit.page.getByLabel(/1000 TUSD/)).toBeVisible();
  await keys.press("Withdraw to this address");
  for (const transaction of [1, 2]) {
    await expect(kit.page.getByText(`Transaction ${transaction} of 2`)).toBeVisible();
    await keys.press("Show the fees");
    await keys.press("Confirm and send");
  }
  await expect(kit.page.getByText("The account was read again.")).toBeVisible();
  expect(await devnet.tokenBalance("TUSD", account)).toBe(0n);
  await kit.close();
  await rpc.close();
});
