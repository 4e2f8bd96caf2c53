import { readFile } from "node:fs/promises";
import path from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { TestFriend } from "#core/friends/testing/friend.ts";
import { letterToFile, readLetter } from "#core/friends/wire.ts";
import { toAddress } from "#core/primitives/address.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { ChangePage } from "../pages/change.ts";
import { ExitKitPage } from "../pages/exit-kit.ts";
import { FriendsScreen } from "../pages/friends.ts";
import type { Devnet } from "../support/devnet.ts";
import { everythingGoes } from "../support/everything-gone.ts";
import { openRpc } from "../support/open-rpc.ts";
import { capture } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";
import type { Wallet } from "../support/wallet.ts";

const RECIPIENT = toAddress("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
/** A wallet of the person's, which Trivet holds no key of. */
const OTHER_KEY: Hex = `0x${"5a".repeat(32)}`;
const OTHER = toAddress(privateKeyToAccount(OTHER_KEY).address);
/** A key that the owner makes the MFA key when the network's is gone. */
const MFA_KEY: Hex = `0x${"6b".repeat(32)}`;
const MFA = toAddress(privateKeyToAccount(MFA_KEY).address);

/** Seconds on the chain's clock. */
const chainTime = async (devnet: Devnet) => Number((await devnet.chain.getBlock()).timestamp);

/** Saves the exit kit by the app. @returns the file */
async function saveExitKit(wallet: Wallet, name: string): Promise<string> {
  const file = path.join(wallet.profile, name);
  await wallet.host.command({ do: "answer-save-dialog", path: file });
  await wallet.page.go("Keys");
  await wallet.page.page.getByRole("button", { name: "Save the exit kit" }).click();
  await expect(wallet.page.page.getByText(`Saved as ${name}`)).toBeVisible();
  return file;
}

test("with the MFA key on a Ledger and an unlock code on paper, the funds leave at once", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  const account = await wallet.openAccount();
  await wallet.page.startLedgerReplacement("MFA key");
  await wallet.approve();
  await wallet.page.operation.expectDone("Your Ledger now holds the MFA key");
  await wallet.page.go("Keys");
  const before = wallet.page.page;
  await before.getByRole("button", { name: "Make an unlock code" }).click();
  const code = await before.locator("[data-unlock-code]").innerText();
  await capture(before, "unlock-code-01-shown");
  await before.getByLabel("Last group of the code").fill(code.slice(-4));
  await before.getByRole("button", { name: "I kept it" }).click();
  await wallet.kill();
  await everythingGoes(devnet, lines);
  const began = await chainTime(devnet);

  await wallet.start();
  const { page } = wallet.page;
  await page.getByRole("button", { name: "Send code" }).click();
  await wallet.page.expectProblem("The authenticator");
  await page.getByRole("button", { name: "Unlock with your code on paper" }).click();
  const wrong = code.endsWith("Q") ? "P" : "Q";
  await page.getByLabel("Unlock code").fill(`${code.slice(0, -1)}${wrong}`);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await wallet.page.expectProblem("a character is missing or mistyped");
  await capture(page, "unlock-code-02-mistyped");
  await page.getByLabel("Unlock code").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();

  for (const [symbol, amount, title] of [
    ["TUSD", "1000", "Withdrawn"],
    ["ETH", "10", "Withdrawn"],
  ] as const) {
    await wallet.page.startWithdrawal({ symbol, to: RECIPIENT, amount });
    await wallet.approve();
    await wallet.page.operation.expectDone(title);
  }
  expect(await devnet.tokenBalance("TUSD", account)).toBe(0n);
  expect(await devnet.chain.getBalance({ address: account })).toBe(0n);
  expect((await chainTime(devnet)) - began).toBeLessThan(3_600);
});

test("with an emergency address, the funds leave at once by that wallet and the exit kit", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  const account = await wallet.openAccount();
  await devnet.fund(OTHER, null, "1");
  const change = new ChangePage(wallet.page.page);
  await wallet.page.go("Keys");
  await wallet.page.page.getByRole("link", { name: /^Emergency addresses/ }).click();
  await wallet.page.page.getByLabel("Address of the other wallet").fill(OTHER);
  await wallet.page.page.getByRole("button", { name: "Review" }).click();
  await change.expectReview("Add an emergency address");
  await change.goOn();
  await wallet.approve();
  await wallet.page.operation.expectDone("Your account has a new emergency address");
  const file = await saveExitKit(wallet, "exit-kit.html");
  await wallet.kill();
  await everythingGoes(devnet, lines);
  const began = await chainTime(devnet);

  const rpc = await openRpc(devnet.network.chain.rpcUrls[0] ?? "");
  const kit = await ExitKitPage.open(file, rpc.url);
  await kit.hold(OTHER_KEY, OTHER);
  await kit.goOn("Withdraw to an emergency address");
  await expect(kit.page.getByLabel(/1000 TUSD/)).toBeVisible();
  await kit.page.getByRole("button", { name: "Withdraw to this address" }).click();
  await kit.send(2);

  expect(await devnet.tokenBalance("TUSD", account)).toBe(0n);
  expect(await devnet.chain.getBalance({ address: account })).toBe(0n);
  expect(await devnet.tokenBalance("TUSD", OTHER)).toBe(1_000_000_000n);
  expect((await chainTime(devnet)) - began).toBeLessThan(3_600);
  expect(kit.requested.filter((url) => !url.startsWith(rpc.url) && !/^(file|blob):/.test(url))).toEqual([]);
  await kit.close();
  await rpc.close();
});

test("with a friend's wallet as recovery key, the funds leave after seven days by that wallet and the exit kit", async ({
  devnet,
  lines,
  walletOnLines: wallet,
}) => {
  const account = await wallet.openAccount();
  const friends = new FriendsScreen(wallet);
  await friends.open();
  const invitation = readLetter(await readFile(await friends.invite("Carla", "Ana"), "utf8"));
  if (invitation.kind !== "invitation") throw new Error("this is no invitation");
  const carla = new TestFriend(OTHER_KEY, invitation.hidden ? `0x${"5a".repeat(32)}` : NO_SALT);
  await friends.paste(letterToFile(await carla.accept(invitation)));
  await friends.add("In the place of: Key network");
  await wallet.approve();
  await wallet.page.proveIfAsked();
  await wallet.page.operation.expectDone("A friend now holds the Recovery key");
  const file = await saveExitKit(wallet, "exit-kit.html");
  await devnet.fund(OTHER, null, "1");
  await wallet.kill();
  await everythingGoes(devnet, lines);
  const began = await chainTime(devnet);

  const rpc = await openRpc(devnet.network.chain.rpcUrls[0] ?? "");
  const kit = await ExitKitPage.open(file, rpc.url);
  await kit.hold(OTHER_KEY, OTHER);
  await kit.goOn("Add a new device key");
  await kit.makeKey(path.join(wallet.profile, "device.json"));
  await kit.sign("Recovery key");
  await kit.pay(OTHER_KEY);
  await expect(kit.page.getByText(/Device key, pending until/)).toBeVisible();
  await devnet.advance(7 * 86_400 + 60);
  await kit.page.getByRole("button", { name: "Read again" }).click();
  await expect(kit.page.getByText("Device key, active")).toBeVisible();

  await kit.page.getByRole("button", { name: "Back to what you can do" }).click();
  await kit.hold(MFA_KEY, MFA);
  await kit.goOn("Make a key of your own the MFA or recovery key");
  await kit.page.getByRole("button", { name: "Go on", exact: true }).click();
  await kit.page.getByLabel(`The one you hold: ${MFA}`).check();
  await kit.page.getByRole("button", { name: "Use this key" }).click();
  await kit.sign("Device key", "Recovery key");
  await kit.page.getByLabel(OTHER).check();
  await kit.send(1);
  await kit.page.getByRole("button", { name: "Back to what you can do" }).click();
  await kit.goOn("Withdraw everything");
  await expect(kit.page.getByLabel(/1000 TUSD/)).toBeVisible();
  await kit.page.getByLabel("Recipient").fill(RECIPIENT);
  await kit.page.getByRole("button", { name: "Review" }).click();
  await kit.sign("Device key", "MFA key");
  await kit.page.getByLabel(OTHER).check();
  await kit.send(1);

  expect(await devnet.tokenBalance("TUSD", account)).toBe(0n);
  expect(await devnet.chain.getBalance({ address: account })).toBe(0n);
  const took = (await chainTime(devnet)) - began;
  expect(took).toBeGreaterThan(7 * 86_400);
  expect(took).toBeLessThan(8 * 86_400);
  await kit.close();
  await rpc.close();
});
