import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { hashTypedData } from "viem/utils";
import { Safe } from "#contracts/testing/safe.ts";
import { TestFriend } from "#core/friends/testing/friend.ts";
import { letterToLink, readLetter } from "#core/friends/wire.ts";
import { toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { deployer } from "#devnet/chain/accounts.ts";
import { createChainClients } from "#devnet/chain/client.ts";
import { findChromium } from "#tools/setup/chromium.mjs";
import { ChangePage } from "../pages/change.ts";
import { forged, FriendsScreen } from "../pages/friends.ts";
import type { Devnet } from "../support/devnet.ts";
import { Keyboard } from "../support/keyboard.ts";
import { capture, captureConfirm } from "../support/screens/capture.ts";
import { expect, test } from "../support/test.ts";
import { Wallet } from "../support/wallet.ts";

const OTHERS = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

/** A wallet in somebody's browser. */
interface BrowserWallet {
  readonly address: string;
  readonly sign: (digest: Hex) => Promise<Hex>;
  /** Answers questions about the chain; wallets need not. */
  readonly askChain?: (method: string, params: readonly unknown[]) => Promise<unknown>;
}

/** Carla has no Trivet: a browser, a wallet in it, and the page that Ana sent. */
const carlasAccount = privateKeyToAccount(`0x${"ca".repeat(32)}`);
const carla: BrowserWallet = {
  address: carlasAccount.address,
  sign: (hash) => carlasAccount.sign({ hash }),
};

async function openFriendPage(browser: Browser, file: string, wallet = carla): Promise<Page> {
  const page = await browser.newPage();
  await page.exposeBinding("walletRequest", (_source, method: string, params: unknown) => {
    const list: readonly unknown[] = Array.isArray(params) ? params : [];
    if (method === "eth_requestAccounts") return [wallet.address];
    if (method === "eth_signTypedData_v4") {
      return wallet.sign(hashTypedData(JSON.parse(String(list[1])) as Parameters<typeof hashTypedData>[0]));
    }
    if (!wallet.askChain) throw new Error(`no ${method}`);
    return wallet.askChain(method, list);
  });
  await page.addInitScript(() => {
    const ask = (
      window as unknown as { walletRequest: (method: string, params: unknown) => Promise<unknown> }
    ).walletRequest;
    const request = ({ method, params }: { method: string; params?: unknown }) => ask(method, params);
    Object.assign(window, { ethereum: { request } });
  });
  await page.goto(pathToFileURL(file).href);
  return page;
}

/** Ana freezes her account with her device key and her friends'. */
async function startArchive(ana: Wallet): Promise<void> {
  const { page } = ana.page;
  const change = new ChangePage(page);
  await ana.page.go("Freeze");
  await page.getByRole("button", { name: "Archive" }).click();
  await change.expectReview("Archive the account");
  await change.choose("Device key and Recovery key");
  await change.goOn();
  await ana.approve();
}

test("Ana and Ben, each with their own Trivet, from nothing to a friend who signs", async ({
  devnet,
  wallet: ana,
}) => {
  test.setTimeout(420_000);
  await ana.openAccount();
  const ben = await Wallet.create(devnet);
  await ben.openAccount();
  const anas = new FriendsScreen(ana);
  const bens = new FriendsScreen(ben);

  await anas.open();
  const invitation = await anas.invite("Ben", "Ana");
  await capture(anas.page, "friend-01-invited");

  await bens.open();
  await bens.openFile(invitation);
  await expect(bens.letter.getByText("Ana asks you to hold a Recovery key")).toBeVisible();
  await expect(bens.letter.getByText("What you could not do")).toBeVisible();
  await capture(bens.page, "friend-02-asked");
  await bens.letter.getByRole("button", { name: "Accept and sign" }).click();
  const confirm = await ben.confirm();
  await confirm.expectShows("Become Ana's friend with a Recovery key");
  expect((await confirm.text()).replaceAll(" ", "")).toContain(ana.account);
  await captureConfirm(confirm.page, "friend-03-confirm");
  await confirm.approve();
  await expect(bens.letter.getByText("Signed. Send this answer to Ana.")).toBeVisible({ timeout: 30_000 });
  const answer = await bens.save(bens.letter, "the answer", "answer-of-ben.json");
  const code = await bens.code();
  await capture(bens.page, "friend-04-accepted");

  // Somebody changed the answer on its way.
  await anas.paste(await forged(answer));
  await ana.page.expectProblem(/not one of the key that it names|no letter of Trivet's/);
  await capture(anas.page, "friend-05-forged");
  await anas.openFile(answer);
  await expect(anas.letter.getByText("Ben accepted")).toBeVisible();
  expect(await anas.code()).toBe(code);
  await capture(anas.page, "friend-06-answered");
  await anas.add("In the place of: Key network");
  await ana.approve();
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("A friend now holds the Recovery key");
  await capture(anas.page, "friend-07-done");
  await anas.open();
  await expect(anas.page.getByRole("region", { name: "Ben" })).toContainText("hidden on the chain");
  await capture(anas.page, "friend-08-list");

  // Ana asks; her Trivet is killed while it waits, and waits on.
  await startArchive(ana);
  await expect(anas.page.locator("[data-waits-for]")).toHaveText("Waits for Ben.", { timeout: 60_000 });
  await capture(anas.page, "friend-09-waits");
  await ana.kill();
  await ana.start();
  await ana.page.unlock();
  await expect(ana.page.operation.banner).toContainText("Waits for one friend to sign.");
  await ana.page.operation.continue();
  await expect(anas.page.locator("[data-waits-for]")).toHaveText("Waits for Ben.");
  await anas.page.getByLabel("Your own name").fill("Ana");
  await anas.page.getByLabel("Why you ask").fill("My laptop was stolen.");
  await anas.page.getByRole("button", { name: "Make the request" }).click();
  const request = await anas.save(anas.page.getByRole("main"), "the request", "request.json");
  const digits = await anas.code(anas.page.getByRole("main"));
  await capture(anas.page, "friend-10-request");

  await bens.open();
  await bens.openFile(request);
  await expect(bens.letter.getByText("Ana asks you to sign: Archive account")).toBeVisible();
  expect(await bens.code()).toBe(digits);
  await capture(bens.page, "friend-11-asked-to-sign");
  const signed = await bens.sign("Sign", "signed-by-ben.json");

  await anas.openFile(signed, "Answer of a friend");
  await ana.page.operation.expectDone("Your account is archived");
  await capture(anas.page, "friend-12-archived");
  await ben.dispose();
});

test("Carla answers on the friend's page, with a wallet of her own, beside the key that is there", async ({
  wallet: ana,
}) => {
  test.setTimeout(300_000);
  await ana.openAccount();
  const anas = new FriendsScreen(ana);
  await anas.open();
  const invitation = await anas.invite("Carla", "Ana");
  const page = await saveFriendPage(ana);
  const browser = await openBrowser();
  const carlas = await openFriendPage(browser, page);
  await carlas.getByLabel("Letter", { exact: true }).fill(await readFile(invitation, "utf8"));
  await carlas.getByRole("button", { name: "Open it" }).click();
  await expect(carlas.getByText("Ana asks you to hold a Recovery key")).toBeVisible();
  await carlas.getByRole("button", { name: /^Connect/ }).click();
  await carlas.getByRole("button", { name: /^Sign with/ }).click();
  await expect(carlas.getByText("Signed. Send this answer to Ana.")).toBeVisible();
  await capture(carlas, "friend-20-page");
  const answer = await carlas.getByLabel("Or copy it as a link").inputValue();
  const code = await carlas.locator("[data-code]").innerText();
  await browser.close();

  await anas.paste(answer);
  await expect(anas.letter.getByText("Carla accepted")).toBeVisible();
  expect(await anas.code()).toBe(code);
  await anas.add("Beside the keys that the role has");
  await ana.approve();
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("Your account has a new Recovery key");
  await anas.open();
  await expect(anas.page.getByRole("region", { name: "Carla" })).toBeVisible();
  await expect(anas.page.getByText("Any 1 of 2 have to sign as Recovery key.")).toBeVisible();
  await ana.page.go("Keys");
  await expect(anas.page.getByRole("link", { name: /^Friends Carla/ })).toBeVisible();
});

/** Saves the friend's page that the app hands out. @returns its file */
async function saveFriendPage(ana: Wallet): Promise<string> {
  const file = path.join(ana.profile, "friend.html");
  await ana.host.command({ do: "answer-save-dialog", path: file });
  await ana.page.page.getByRole("button", { name: "Save the friend's page" }).click();
  await expect(ana.page.page.getByText("Saved as friend.html.")).toBeVisible();
  return file;
}

const openBrowser = () =>
  chromium.launch({
    executablePath: findChromium() ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  });

/** A Safe of which two owners have to sign, and a browser wallet that shows it as its address. */
async function safeOn(
  { network }: Devnet,
  owners: readonly PrivateKeyAccount[],
  signing: () => readonly PrivateKeyAccount[],
): Promise<{ readonly safe: Safe; readonly wallet: BrowserWallet }> {
  const { reader, as } = createChainClients(network.chain.rpcUrls[0] ?? "");
  const safe = await Safe.create({ publicClient: reader, walletClient: as(deployer) }, owners, 2);
  const wallet: BrowserWallet = {
    address: safe.address,
    sign: (digest) => safe.sign(digest, signing()),
    // The page says what it wants; viem types parameters by method.
    askChain: (method, params) => reader.request({ method, params } as Parameters<typeof reader.request>[0]),
  };
  return { safe, wallet };
}

test("Dora's wallet is a Safe of two of three: one owner is not enough, two sign, and Ana's account takes it", async ({
  devnet,
  wallet: ana,
}) => {
  test.setTimeout(420_000);
  const owners = ["d1", "d2", "d3"].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
  let signing = owners.slice(0, 1);
  const { wallet: doras } = await safeOn(devnet, owners, () => signing);

  await ana.openAccount();
  const anas = new FriendsScreen(ana);
  await anas.open();
  const invitation = await anas.invite("Dora", "Ana");
  const browser = await openBrowser();
  const page = await openFriendPage(browser, await saveFriendPage(ana), doras);
  const letter = page.getByLabel("Letter", { exact: true });
  const openIt = page.getByRole("button", { name: "Open it" });
  const connect = page.getByRole("button", { name: /^Connect/ });
  const sign = page.getByRole("button", { name: /^Sign with/ });
  await letter.fill(await readFile(invitation, "utf8"));
  await openIt.click();
  await connect.click();
  await expect(page.getByText("it says that 2 of its 3 owners have to sign")).toBeVisible();
  await sign.click();
  await expect(page.getByText("does not count this as signed yet")).toBeVisible();
  await capture(page, "friend-21-page-safe");
  signing = owners.slice(1);
  await sign.click();
  await expect(page.getByText("Signed. Send this answer to Ana.")).toBeVisible();
  await anas.paste(await page.getByLabel("Or copy it as a link").inputValue());
  await expect(anas.letter.getByText("Dora accepted")).toBeVisible();
  await expect(anas.letter.getByText("it says that 2 of its 3 owners have to sign")).toBeVisible();
  expect(await anas.code()).toBe(await page.locator("[data-code]").innerText());
  await capture(anas.page, "friend-22-safe-answered");
  await anas.add("In the place of: Key network");
  await ana.approve();
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("A friend now holds the Recovery key");
  await anas.open();
  await expect(anas.page.getByRole("region", { name: "Dora" })).toContainText(
    "2 of its 3 owners have to sign",
  );
  await capture(anas.page, "friend-23-safe-list");
  await ana.page.go("Security");
  await expect(anas.page.getByText(/owner of Dora's Safe/).first()).toBeVisible({ timeout: 30_000 });
  await expect(anas.page.getByText("A Safe counts by the owners that it names")).toBeVisible();
  await capture(anas.page, "friend-24-safe-security");

  await startArchive(ana);
  await expect(anas.page.locator("[data-waits-for]")).toHaveText("Waits for Dora.", { timeout: 60_000 });
  await anas.page.getByRole("button", { name: "Make the request" }).click();
  const request = await anas.save(anas.page.getByRole("main"), "the request", "request-for-dora.json");
  await letter.fill(await readFile(request, "utf8"));
  await openIt.click();
  await expect(page.getByText("Ana asks you to sign: Archive account")).toBeVisible();
  await connect.click();
  await sign.click();
  await expect(page.getByText("Signed. Send this answer to Ana.")).toBeVisible();
  const signed = await page.getByLabel("Or copy it as a link").inputValue();
  await browser.close();
  await anas.paste(signed, "Answer of a friend");
  await ana.page.operation.expectDone("Your account is archived");
});

test("Ana's own Safe takes her MFA key over, signs a withdrawal, and gives the key back to the network", async ({
  devnet,
  wallet: ana,
}) => {
  test.setTimeout(420_000);
  const owners = ["e1", "e2"].map((byte) => privateKeyToAccount(`0x${byte.repeat(32)}`));
  const { safe, wallet } = await safeOn(devnet, owners, () => owners);
  await ana.openAccount();
  const { page } = ana.page;
  const anas = new FriendsScreen(ana);
  await ana.page.go("Keys");
  await page.getByRole("button", { name: "Use a Safe instead, for the MFA key" }).click();
  await expect(ana.page.heading("Use a Safe as your MFA key")).toBeVisible();
  await page.getByRole("button", { name: "Make the letter" }).click();
  const main = page.getByRole("main");
  const letter = await anas.save(main, "the letter", "letter-for-safe.json");
  await capture(page, "safe-01-letter");
  const browser = await openBrowser();
  const safes = await openFriendPage(browser, await saveFriendPage(ana), wallet);
  /** Opens a letter on the friend's page and has the Safe sign it. @returns the answer as a link */
  async function signed(file: string): Promise<string> {
    await safes.getByLabel("Letter", { exact: true }).fill(await readFile(file, "utf8"));
    await safes.getByRole("button", { name: "Open it" }).click();
    await safes.getByRole("button", { name: /^Connect/ }).click();
    await safes.getByRole("button", { name: /^Sign with/ }).click();
    await expect(safes.getByText("Signed. Send this answer to My Trivet.")).toBeVisible();
    return safes.getByLabel("Or copy it as a link").inputValue();
  }
  await anas.paste(await signed(letter), "Answer of your Safe");
  await expect(anas.letter.getByText("Your Safe accepted")).toBeVisible();
  expect((await anas.letter.innerText()).replaceAll(/\s/g, "")).toContain(safe.address);
  await capture(page, "safe-02-accepted");
  await anas.letter.getByRole("checkbox", { name: "The page shows the same digits" }).check();
  await anas.letter.getByRole("radio", { name: "In the place of: Key network" }).check();
  await anas.letter.getByRole("button", { name: "Put the key on my account" }).click();
  await ana.approve();
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("Your Safe now holds the MFA key");
  await ana.page.go("Keys");
  await expect(page.getByRole("region", { name: "MFA key" })).toContainText("Your Safe");
  await capture(page, "safe-03-keys");

  await ana.page.startWithdrawal({ symbol: "TUSD", to: OTHERS, amount: "1" });
  await ana.approve();
  await expect(page.locator("[data-waits-for]")).toHaveText("Waits for your Safe.", { timeout: 60_000 });
  await page.getByRole("button", { name: "Make the request" }).click();
  await capture(page, "safe-04-asked");
  await anas.paste(
    await signed(await anas.save(main, "the request", "request-for-safe.json")),
    "Answer of your Safe",
  );
  await ana.page.operation.expectDone("Withdrawn");
  await browser.close();

  await ana.page.go("Keys");
  await page.getByRole("button", { name: "Give the MFA key back to the key network" }).click();
  await ana.page.proveForNewKey();
  await expect(page.getByRole("heading", { name: "Review the change" })).toBeVisible({ timeout: 30_000 });
  const recovery = page.getByRole("radio", { name: /Device key and Recovery key/ });
  await recovery.check();
  await page.getByRole("button", { name: "Start the change" }).click();
  await ana.approve();
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("Key network now holds the MFA key");
});

test("with the keyboard alone, Dan is invited, his answer is taken, and his key is on the account", async ({
  wallet: ana,
}) => {
  await ana.openAccount();
  const { page } = ana.page;
  const keyboard = new Keyboard(page);
  await keyboard.press("Keys", "link");
  await keyboard.press(/^Friends/, "link");
  await keyboard.type("Your friend's name", "Dan");
  await keyboard.type("Your own name", "Ana");
  await keyboard.press("Make the invitation");
  const file = path.join(ana.profile, "for-dan.json");
  await ana.host.command({ do: "answer-save-dialog", path: file });
  await keyboard.press("Save the invitation");
  await expect(page.getByText("Saved as for-dan.json.")).toBeVisible();

  const invitation = readLetter(await readFile(file, "utf8"));
  if (invitation.kind !== "invitation") throw new Error("this is no invitation");
  const dan = new TestFriend(`0x${"da".repeat(32)}`, `0x${"5d".repeat(32)}`);
  const answer = letterToLink(await dan.accept(invitation)) ?? "";
  const field = page.getByLabel("Letter", { exact: true });
  // A part of it is missing at first.
  for (const text of [answer.slice(0, -20), answer]) {
    await keyboard.goTo(field);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText(text);
    await keyboard.press("Open it");
    if (text !== answer) await ana.page.expectProblem(/a part of it is missing/);
  }
  await expect(page.getByText("Dan accepted")).toBeVisible();
  await keyboard.tick("read me the same digits");
  await keyboard.goTo(page.getByRole("radio", { name: "In the place of: Key network" }));
  await page.keyboard.press("Space");
  await keyboard.press("Put the key on my account");
  const confirm = await ana.confirm();
  await expect(confirm.page.getByRole("button", { name: "Approve" })).toBeEnabled();
  await confirm.byKeyboard("Approve");
  await ana.page.proveIfAsked();
  await ana.page.operation.expectDone("A friend now holds the Recovery key");
});
