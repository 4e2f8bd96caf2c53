import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { createWalletClient, custom, erc20Abi, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { richAccount } from "#contracts/testing/chain.ts";
import { perform } from "#contracts/testing/perform.ts";
import { Safe } from "#contracts/testing/safe.ts";
import { newP256Signer, newPasskeySigner, Passkey } from "#contracts/testing/signers.ts";
import { World } from "#contracts/testing/world.ts";
import { type ExitKit, fillExitKit } from "#core/exit-kit/exit-kit.ts";
import { keyId, keyOfAddress } from "#core/keys/key.ts";
import { type Hex, NO_SALT, zHex } from "#core/primitives/hex.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { PASSKEY_DOMAIN } from "#core/passkey/parts.ts";
import { addPasskeyProvider } from "#devnet/authenticator/testing/passkey-provider.ts";
import { buildExitKit } from "#tools/exit-kit/build.ts";
import { findChromium } from "#tools/setup/chromium.mjs";
import { barriersOf } from "../testing/use-pages.ts";
import { writeKeyFile } from "./signing/key-file.ts";
import { type FolderServer, serveFolder } from "./testing/folder-server.ts";
import { type RpcServer, serveRpc } from "./testing/rpc-server.ts";
import { kitOf, newOwner, newSalt, newSigner, type TestSigner } from "./testing/world.ts";

/** The generated file in a browser, and a chain: nothing else of Trivet runs. */
let world: World;
let rpc: RpcServer;
let served: FolderServer;
let browser: Browser;
let template: string;
let folder: string;
const requested: string[] = [];
/** Where kits were opened. */
const ownAddresses = new Set<string>();
const complaints: string[] = [];

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium is installed");
  folder = await mkdtemp(path.join(tmpdir(), "trivet-exit-kit-"));
  template = await buildExitKit();
  world = await World.start();
  rpc = await serveRpc(world);
  served = await serveFolder(folder);
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  // A kit reaches its own file and the one server that was named, and its policy had to refuse nothing of its own.
  expect(
    requested.filter((url) => !ownAddresses.has(url) && !url.startsWith(rpc.url) && !url.startsWith("blob:")),
  ).toEqual([]);
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([rpc, served].map((server) => server[Symbol.asyncDispose]()));
  await world.stop();
  await rm(folder, { recursive: true });
});

const payer = richAccount(5);
const payerKey = () => {
  const { privateKey } = payer.getHdKey();
  if (!privateKey) throw new Error("the account has no private key");
  return `0x${Buffer.from(privateKey).toString("hex")}`;
};

interface OpenKit {
  readonly page: Page;
  /** Enters a private key as what the person holds. */
  readonly hold: (signer: TestSigner) => Promise<void>;
  readonly goOn: (task: string) => Promise<void>;
  /** Signs with private keys that were entered. */
  readonly sign: (...roles: string[]) => Promise<void>;
  /** Has a stranger's key pay for one transaction, or for each of several. */
  readonly pay: (count?: number) => Promise<void>;
}

const privateKeys = new Map<string, string>();

/** A signer whose private key the test can type. */
function typed(salt = NO_SALT): TestSigner {
  const privateKey = generatePrivateKey();
  const signer = newSigner(salt, privateKey);
  privateKeys.set(signer.account.address, privateKey);
  return signer;
}

async function openKit(
  kit: ExitKit | undefined,
  prepare: (page: Page) => Promise<void> = async () => undefined,
  addressOf = (file: string) => pathToFileURL(file).href,
): Promise<OpenKit> {
  const file = path.join(folder, `${crypto.randomUUID()}.html`);
  await writeFile(file, kit ? fillExitKit(template, kit) : template);
  const context = await browser.newContext({
    viewport: { width: 900, height: 900 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on("request", (request) => requested.push(request.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await prepare(page);
  const address = addressOf(file);
  ownAddresses.add(address);
  await page.goto(address);
  return {
    page,
    async hold({ account }) {
      await page.getByLabel("Private key", { exact: true }).fill(privateKeys.get(account.address) ?? "");
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("list", { name: "What you hold" }).getByText(account.address.slice(-4)).waitFor();
    },
    async goOn(task) {
      await page.getByRole("button", { name: `Go on: ${task}` }).click();
    },
    async sign(...roles) {
      await page.getByRole("button", { name: "Go on to sign" }).click();
      for (const role of roles)
        await page
          .getByRole("button", { name: `Sign with the ${role}` })
          .first()
          .click();
    },
    async pay(count = 1) {
      await page.getByText("Another private key with some coins for fees").click();
      await page.getByLabel("Private key that pays").fill(payerKey());
      await page.getByRole("button", { name: "Use it for the fees" }).click();
      await sendAll(page, count);
    },
  };
}

async function sendAll(page: Page, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await page.getByRole("button", { name: "Show the fees" }).click();
    await page.getByText("It costs at most").waitFor();
    await page.getByRole("button", { name: "Confirm and send" }).click();
    if (sent + 1 < count) await page.getByText(`Transaction ${sent + 2} of ${count}`).waitFor();
  }
  await page.getByText("The account was read again.").waitFor();
}

async function read(page: Page): Promise<void> {
  await page.getByLabel("RPC address").fill(rpc.url);
  await page.getByRole("button", { name: "Read the account" }).click();
  await page.getByRole("heading", { name: "2. What you hold" }).waitFor();
}

const balances = async (address: Address) => ({
  ether: await world.chain.publicClient.getBalance({ address }),
  tusd: await world.chain.publicClient.readContract({
    address: world.contracts.tusd,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [address],
  }),
});
const fund = (to: Address, ether: string) => world.send(to, "0x", parseEther(ether));
const fresh = () => toAddress(privateKeyToAccount(generatePrivateKey()).address);
const EVERYTHING = { ether: parseEther("10"), tusd: 1_000_000_000n };
const NOTHING = { ether: 0n, tusd: 0n };

describe("the exit kit, alone with a browser and a chain,", () => {
  test("withdraws everything to an emergency address by that wallet alone", async () => {
    const owner = newOwner();
    const account = await world.createAccount(owner);
    const emergency = typed();
    const recipient = toAddress(emergency.account.address);
    await fund(recipient, "1");
    await perform(world, account, { kind: "setEmergencyAddress", recipient, enabled: true }, [
      owner.device,
      owner.mfa,
    ]);

    const { page, hold, goOn } = await openKit(kitOf(world, owner));
    await read(page);
    await hold(emergency);
    await goOn("Withdraw to an emergency address");
    await page.getByLabel(/1000 TUSD/).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Withdraw to this address" }).click();
    await sendAll(page, 2);

    expect(await balances(account)).toEqual(NOTHING);
    const got = await balances(recipient);
    expect(got.tusd).toBe(EVERYTHING.tusd);
    // It had one ether for the fees.
    expect(got.ether).toBeGreaterThan(EVERYTHING.ether);
  });

  test("puts an account on the chain that was never used, and withdraws everything by device and MFA key", async () => {
    const owner = { device: typed(), mfa: typed(), recovery: newSigner() };
    const kit = kitOf(world, owner);
    await fund(kit.account, "10");
    await world.mint(kit.account, EVERYTHING.tusd);
    const to = fresh();

    const { page, hold, goOn, sign, pay } = await openKit(kit);
    await read(page);
    await hold(owner.device);
    await hold(owner.mfa);
    await goOn("Withdraw everything");
    await page.getByLabel(/1000 TUSD/).waitFor();
    await page.getByLabel("Recipient").fill(to);
    await page.getByRole("button", { name: "Review" }).click();
    await sign("Device key", "MFA key");
    await pay(2);

    expect(await balances(kit.account)).toEqual(NOTHING);
    expect(await balances(to)).toEqual(EVERYTHING);
  });

  test("adds a device key by two of two friends, one of them elsewhere; time alone makes it active", async () => {
    const { owner, friend, kit } = await ownerWithFriend();
    const { page, hold, goOn, sign, pay } = await openKit(kit);
    await read(page);
    await hold(owner.recovery);
    await page.getByLabel("It signs elsewhere").check();
    await page.getByLabel("Signer").fill(friend.account.address);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Signs elsewhere; you paste its signature").waitFor();
    await goOn("Add a new device key");
    const file = await makeKey(page);
    await sign("Recovery key");
    const message: unknown = JSON.parse(await page.getByLabel("Message to sign").inputValue());
    const signature = page.getByLabel("Signature", { exact: true });
    await signature.fill(`0x${"11".repeat(64)}1b`);
    await page.getByRole("button", { name: "Check the signature" }).click();
    await page.getByText("This signature is not one of that key").waitFor();
    await signature.fill(
      await friend.account.signTypedData(message as Parameters<typeof friend.account.signTypedData>[0]),
    );
    await page.getByRole("button", { name: "Check the signature" }).click();
    await pay();
    await page.getByText(/Device key, pending until/).waitFor();
    const { address } = zKeyFile.parse(JSON.parse(await readFile(file, "utf8")));
    await page.getByText(address.slice(-4)).first().waitFor();

    await waitAWeek();
    await page.getByRole("button", { name: "Read again" }).click();
    await page.getByText("Device key, active").waitFor();
  });

  test("replaces the MFA key with the new device key, from its file, and the friends; then withdraws", async () => {
    const { owner, friend, kit } = await ownerWithFriend();
    const privateKey = generatePrivateKey();
    const device = newSigner(NO_SALT, privateKey);
    const wish = { kind: "addKey", role: "device", key: device.key, expires: 0 } as const;
    await perform(world, kit.account, wish, [owner.recovery, friend]);
    await waitAWeek();
    const file = path.join(folder, "device.json");
    await writeFile(file, await writeKeyFile(privateKey, PASSWORD));
    // The new MFA key is one that the person has already.
    const mfa = typed();
    const to = fresh();

    const { page, hold, goOn, sign, pay } = await openKit(kit);
    await read(page);
    await page.getByLabel("A key file and its password").check();
    await page.getByLabel("Key file", { exact: true }).setInputFiles(file);
    await page.getByLabel("Password of the file").fill(PASSWORD);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Device key, active").waitFor();
    await page.getByLabel("A private key").check();
    for (const signer of [owner.recovery, friend, mfa]) await hold(signer);
    await goOn("Make a key of your own the MFA or recovery key");
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await page.getByLabel(`The one you hold: ${mfa.account.address}`).check();
    await page.getByRole("button", { name: "Use this key" }).click();
    await sign("Device key", "Recovery key", "Recovery key");
    await pay();
    await page.getByText("MFA key, active").waitFor();

    await page.getByRole("button", { name: "Back to what you can do" }).click();
    await goOn("Withdraw everything");
    await page.getByLabel(/1000 TUSD/).waitFor();
    await page.getByLabel("Recipient").fill(to);
    await page.getByRole("button", { name: "Review" }).click();
    await sign("Device key", "MFA key");
    await page.getByLabel(payer.address).check();
    await sendAll(page, 1);

    expect(await balances(kit.account)).toEqual(NOTHING);
    expect(await balances(to)).toEqual(EVERYTHING);
  });

  test("signs and sends by a wallet in the browser, which shows the readable form", async () => {
    const owner = { device: newSigner(), mfa: typed(), recovery: newSigner() };
    await world.createAccount(owner);
    await fund(toAddress(owner.device.account.address), "1");
    const shown: unknown[] = [];
    const { page, hold, goOn, sign } = await openKit(kitOf(world, owner), (opening) =>
      installWallet(opening, owner.device, shown),
    );
    await read(page);
    await page.getByLabel("A wallet in this browser").check();
    await page.getByRole("button", { name: "Connect Test wallet" }).click();
    await page.getByText("Device key, active").waitFor();
    await page.getByLabel("A private key").check();
    await hold(owner.mfa);
    await goOn("Withdraw everything");
    await page.getByLabel(/1000 TUSD/).waitFor();
    await page.getByLabel(/^10 ETH/).uncheck();
    const to = fresh();
    await page.getByLabel("Recipient").fill(to);
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("list", { name: "What is withdrawn" }).getByText("1000 TUSD").waitFor();
    await sign("MFA key");
    await page.getByRole("button", { name: "Sign in Test wallet" }).click();
    await page.getByLabel(owner.device.account.address).check();
    await sendAll(page, 1);

    expect(shown).toMatchObject([{ primaryType: "WithdrawToken", message: { Amount: "1000 TUSD", To: to } }]);
    expect(await balances(to)).toEqual({ ether: 0n, tusd: EVERYTHING.tusd });
  });

  test("withdraws to an emergency address whose wallet is in the browser and sends by itself", async () => {
    const owner = newOwner();
    const account = await world.createAccount(owner);
    const emergency = newSigner();
    const recipient = toAddress(emergency.account.address);
    await fund(recipient, "1");
    const wish = { kind: "setEmergencyAddress", recipient, enabled: true } as const;
    await perform(world, account, wish, [owner.device, owner.mfa]);
    const shown: unknown[] = [];
    const { page, goOn } = await openKit(kitOf(world, owner), (opening) =>
      installWallet(opening, emergency, shown),
    );
    await read(page);
    await connect(page);
    await page.getByText("Emergency address: it may withdraw everything to itself").waitFor();
    await goOn("Withdraw to an emergency address");
    await page.getByLabel(/1000 TUSD/).waitFor();
    await page.getByRole("button", { name: "Withdraw to this address" }).click();
    await sendAll(page, 2);

    expect(await balances(account)).toEqual(NOTHING);
    expect((await balances(recipient)).tusd).toBe(EVERYTHING.tusd);
    // It only sent: no message was signed.
    expect(shown).toEqual([]);
  });

  test("ends an archive as the successor, by a wallet in the browser", async () => {
    const owner = newOwner();
    const account = await world.createAccount(owner);
    const successor = newSigner();
    const address = toAddress(successor.account.address);
    await fund(address, "1");
    const two = [owner.device, owner.mfa] as const;
    await perform(world, account, { kind: "setSuccessor", successor: address }, two);
    await perform(world, account, { kind: "archive" }, two);
    const { page, goOn } = await openKit(kitOf(world, owner), (opening) =>
      installWallet(opening, successor, []),
    );
    await read(page);
    await page.getByText("The account is archived").waitFor();
    await connect(page);
    await page.getByText("Successor: it may end an archive").waitFor();
    await goOn("Unfreeze the account");
    await page.getByRole("button", { name: "End the archive as the successor" }).click();
    await sendAll(page, 1);
    await page.getByText("The account is archived").waitFor({ state: "detached" });
  });

  test("takes the signature of a Safe as the MFA key: enough owners, and not one too few", async () => {
    const owner = { device: typed(), mfa: newSigner(), recovery: newSigner() };
    const account = await world.createAccount(owner);
    const owners = [generatePrivateKey(), generatePrivateKey()].map((key) => privateKeyToAccount(key));
    const safe = await Safe.create(world.chain, owners, 2);
    const key = keyOfAddress(safe.address);
    const wish = { kind: "replaceKey", role: "mfa", oldKey: owner.mfa.key, newKey: key } as const;
    await perform(world, account, wish, [owner.device, owner.mfa]);
    const { page, hold, goOn, sign, pay } = await openKit(kitOf(world, owner));
    await read(page);
    await hold(owner.device);
    const to = await holdElsewhere(page, safe.address, goOn);
    await sign("Device key");
    await page.getByText(/is a contract, such as a Safe\. Have its owners sign/).waitFor();
    const digest = await digestOn(page);
    await paste(page, await safe.sign(digest, owners.slice(0, 1)));
    await page.getByText("This signature is not one of that key").waitFor();
    await paste(page, await safe.sign(digest, owners));
    await pay();
    expect((await balances(to)).tusd).toBe(EVERYTHING.tusd);
  });

  test("takes the signature of a P-256 key, of which it says that it cannot make it", async () => {
    const owner = { device: typed(), mfa: newSigner(), recovery: newSigner() };
    const account = await world.createAccount(owner);
    const { key, sign: signDigest } = newP256Signer(world.contracts.p256Verifier);
    const wish = { kind: "replaceKey", role: "mfa", oldKey: owner.mfa.key, newKey: key } as const;
    await perform(world, account, wish, [owner.device, owner.mfa]);
    const { page, hold, goOn, sign, pay } = await openKit(kitOf(world, owner));
    await read(page);
    await hold(owner.device);
    const to = await holdElsewhere(page, key.signer, goOn);
    await sign("Device key");
    await page.getByText(/This page cannot sign with it/).waitFor();
    await page.getByText(world.contracts.p256Verifier).first().waitFor();
    await paste(page, await signDigest(await digestOn(page)));
    await pay();
    expect((await balances(to)).tusd).toBe(EVERYTHING.tusd);
  });

  test("tells whoever has only another computer's key what it is, and which keys are hidden", async () => {
    const owner = { device: newSigner(), mfa: typed(), recovery: newSigner() };
    const account = await world.createAccount(owner);
    const other = typed();
    const friend = newSigner(newSalt());
    const two = [owner.device, owner.mfa] as const;
    await perform(world, account, { kind: "addKey", role: "device", key: other.key, expires: 0 }, two);
    await perform(world, account, { kind: "addKey", role: "recovery", key: friend.key, expires: 0 }, two);
    const kit = kitOf(world, owner, [["recovery", friend]]);
    const { page, hold } = await openKit({ ...kit, others: [{ role: "device", id: keyId(other.key) }] });
    await read(page);
    await page.getByText("The keys that this kit knows of").click();
    const keys = page.getByRole("list", { name: "Keys of the account" });
    await keys.getByText("Device key, of which only the id is known").waitFor();
    expect(await keys.getByText("Hidden on the chain by a salt, which this kit has.").count()).toBe(1);
    expect(await keys.getByText("Not hidden on the chain").count()).toBe(3);
    expect(await page.getByText("there may be more keys than these").count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
    await hold(other);
    await hold(owner.mfa);
    await page.getByText("Device key, active").waitFor();
    await page
      .getByRole("listitem", { name: "Withdraw everything" })
      .getByText("Device key + MFA key: at once")
      .waitFor();
  });

  test("rejects a pending key by an old device key", async () => {
    const owner = { device: typed(), mfa: newSigner(), recovery: newSigner() };
    const account = await world.createAccount(owner);
    const thief = newSigner();
    const wish = { kind: "addKey", role: "device", key: thief.key, expires: 0 } as const;
    await perform(world, account, wish, [owner.recovery]);

    const { page, hold, goOn, sign, pay } = await openKit(kitOf(world, owner));
    await read(page);
    await hold(owner.device);
    await goOn("See what waits, reject or cancel it");
    await page.getByRole("button", { name: "Reject this key" }).click();
    await sign("Device key");
    await pay();

    await expect(
      world.refusal(
        { kind: "activateKey", account, key: keyId(thief.key), nonce: await world.nextNonce(account) },
        [
          await world.sign(
            { kind: "activateKey", account, key: keyId(thief.key), nonce: await world.nextNonce(account) },
            owner.device,
          ),
        ],
      ),
    ).resolves.toMatchObject({ name: "KeyUnknown" });
  });

  test("says what is wrong with what is typed, and reaches no other server once one is named", async () => {
    const owner = newOwner();
    await world.createAccount(owner);
    const { page } = await openKit(kitOf(world, owner));
    await page.getByLabel("RPC address").fill("not an address");
    await page.getByRole("button", { name: "Read the account" }).click();
    await page.getByText("This is not the address of an RPC server.").waitFor();
    await page.getByLabel("Account address").fill("0x12");
    await page.getByRole("button", { name: "Read the account" }).click();
    await page.getByText("This is not an address.").waitFor();
    await page.getByLabel("Account address").fill(kitOf(world, owner).account);
    await read(page);
    await page.getByLabel("Private key", { exact: true }).fill("0x1234");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("This is not a private key.").waitFor();
    expect(await barriersOf(page)).toEqual([]);

    const refused = await page.evaluate(() =>
      fetch("http://127.0.0.1:9/").then(
        () => false,
        () => true,
      ),
    );
    expect(refused).toBe(true);
    // The one complaint is the policy's, about that server.
    expect(complaints.splice(0).join()).toMatch(
      /Content Security Policy.*connect-src http:\/\/127\.0\.0\.1:\d+/s,
    );
  });

  test("reads an account without any data of the app, by its address", async () => {
    const owner = { device: typed(), mfa: typed(), recovery: newSigner() };
    const account = await world.createAccount(owner);
    const { page, hold } = await openKit(undefined);
    await page.getByLabel("Account address").fill(account);
    await read(page);
    await hold(owner.device);
    await hold(owner.mfa);
    await page
      .getByRole("listitem", { name: "Withdraw everything" })
      .getByText("Device key + MFA key: at once")
      .waitFor();
  });
});

describe("the exit kit and a passkey,", () => {
  /** An owner with a device key to type, and a passkey in the place of another key. */
  async function ownerWithPasskey(role: "mfa" | "recovery") {
    const owner = { device: typed(), mfa: newSigner(), recovery: newSigner() };
    const account = await world.createAccount(owner);
    const passkey = newPasskey();
    const wish = { kind: "replaceKey", role, oldKey: owner[role].key, newKey: passkey.key } as const;
    await perform(world, account, wish, [owner.device, owner.mfa]);
    return { owner, passkey };
  }

  test("finds out from a passkey which key it is, and withdraws with it, though the kit is older", async () => {
    const { owner, passkey } = await ownerWithPasskey("mfa");
    const { page, hold, goOn, sign, pay } = await openServed(kitOf(world, owner), passkey);
    await read(page);
    await hold(owner.device);
    await page.getByLabel("A passkey", { exact: true }).check();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Choose a passkey" }).click();
    await page.getByText("MFA key, active").waitFor();
    const to = await withdrawTokens(page, goOn);
    await sign("Device key");
    await page.getByRole("button", { name: "Sign with the passkey" }).click();
    await pay();
    expect(await balances(to)).toEqual({ ether: 0n, tusd: EVERYTHING.tusd });
  });

  test("recovers by one that is found by the name in the kit only", async () => {
    const { owner, passkey } = await ownerWithPasskey("recovery");
    const { key, credential } = passkey;
    const kit = kitOf(world, owner);
    const keys = kit.keys.map((one) => (one.role === "recovery" ? { ...one, key, credential } : one));
    const { page, goOn, pay } = await openServed({ ...kit, keys }, { ...passkey, discoverable: false });
    await read(page);
    await page.getByLabel("A passkey", { exact: true }).check();
    await page.getByRole("button", { name: "Choose a passkey" }).click();
    await page.getByText("No passkey answered.").waitFor();
    await page.getByRole("button", { name: "Recovery key, A test" }).click();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("Recovery key, active").waitFor();
    await goOn("Add a new device key");
    await makeKey(page);
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("button", { name: "Sign with the passkey" }).click();
    await pay();
    await page.getByText(/Device key, pending until/).waitFor();
  });

  test("takes none that is no key of the account, and no signature of another than the one named", async () => {
    const { owner, passkey } = await ownerWithPasskey("mfa");
    const { page, hold, goOn, sign } = await openServed(kitOf(world, owner), newPasskey());
    await read(page);
    await hold(owner.device);
    await page.getByLabel("A passkey", { exact: true }).check();
    await page.getByRole("button", { name: "Choose a passkey" }).click();
    await page.getByText("This is no key of the account.").waitFor();
    await page.getByLabel("Signer").fill(owner.mfa.account.address);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("This signer is no passkey.").waitFor();
    await page.getByLabel("Signer").fill(passkey.key.signer);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("MFA key, active").waitFor();
    await withdrawTokens(page, goOn);
    await sign("Device key");
    await page.getByRole("button", { name: "Sign with the passkey" }).click();
    await page.getByText("This is another passkey than the one that holds the key.").waitFor();
  });

  test("says of a file how it is opened where passkeys answer", async () => {
    const owner = newOwner();
    await world.createAccount(owner);
    const { page } = await openKit(kitOf(world, owner));
    await read(page);
    await page.getByLabel("A passkey", { exact: true }).check();
    expect(await page.getByLabel("Command").inputValue()).toBe(
      "python3 -m http.server 8000 --bind 127.0.0.1",
    );
    const name = page.url().slice(page.url().lastIndexOf("/"));
    expect(await page.getByLabel("Then open this address").inputValue()).toBe(`http://localhost:8000${name}`);
    expect(await page.getByRole("button", { name: "Add", exact: true }).count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
  });
});

/** A passkey in software, by the name that its authenticator gives it. */
function newPasskey() {
  const { key, passkey } = newPasskeySigner(world.contracts.webAuthnVerifier, new Passkey(PASSKEY_DOMAIN));
  const credential = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  return { key, credential, domain: PASSKEY_DOMAIN, privateKey: passkey.pkcs8, discoverable: true };
}

/** Opens a kit that is served at localhost, in a browser that has a passkey. */
async function openServed(kit: ExitKit, passkey: ReturnType<typeof newPasskey>): Promise<OpenKit> {
  const opened = await openKit(kit, undefined, served.urlOf);
  const provider = await addPasskeyProvider(opened.page);
  await provider.keep(passkey);
  return opened;
}

/** Connects the wallet that `installWallet` put into the browser. */
async function connect(page: Page): Promise<void> {
  await page.getByLabel("A wallet in this browser").check();
  await page.getByRole("button", { name: "Connect Test wallet" }).click();
}

/** Adds an MFA key that signs elsewhere, and asks to withdraw the account's TUSD; resolves to whom. */
async function holdElsewhere(
  page: Page,
  signer: string,
  goOn: (task: string) => Promise<void>,
): Promise<Address> {
  await page.getByLabel("It signs elsewhere").check();
  await page.getByLabel("Signer").fill(signer);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("MFA key, active").waitFor();
  return withdrawTokens(page, goOn);
}

/** Asks to withdraw the account's TUSD; resolves to whom. */
async function withdrawTokens(page: Page, goOn: (task: string) => Promise<void>): Promise<Address> {
  await goOn("Withdraw everything");
  await page.getByLabel(/1000 TUSD/).waitFor();
  await page.getByLabel(/^10 ETH/).uncheck();
  const to = fresh();
  await page.getByLabel("Recipient").fill(to);
  await page.getByRole("button", { name: "Review" }).click();
  return to;
}

/** The digest that the page shows for what is signed elsewhere. */
async function digestOn(page: Page): Promise<Hex> {
  const shown = page.getByText("Its digest, to compare with what a Ledger or a Safe shows").locator("..");
  const text = (await shown.innerText()).replace(/\s/g, "");
  return zHex.parse(/0x[0-9a-f]{64}/.exec(text)?.[0]);
}

async function paste(page: Page, signature: Hex): Promise<void> {
  await page.getByLabel("Signature", { exact: true }).fill(signature);
  await page.getByRole("button", { name: "Check the signature" }).click();
}

const PASSWORD = "correct horse battery staple";
const zKeyFile = z.object({ version: z.literal(3), address: z.string() });

/** An account whose recovery role is two keys, one of them a friend's that is hidden on the chain. */
async function ownerWithFriend() {
  const owner = { device: newSigner(), mfa: newSigner(), recovery: typed() };
  const account = await world.createAccount(owner);
  const friend = typed(newSalt());
  const both = [owner.device, owner.mfa] as const;
  await perform(world, account, { kind: "addKey", role: "recovery", key: friend.key, expires: 0 }, both);
  await perform(world, account, { kind: "setThreshold", role: "recovery", threshold: 2 }, both);
  return { owner, friend, kit: kitOf(world, owner, [["recovery", friend]]) };
}

async function waitAWeek(): Promise<void> {
  await world.chain.testClient.increaseTime({ seconds: 7 * 86_400 });
  await world.chain.testClient.mine({ blocks: 1 });
}

/** Makes a key in the page; resolves to where the browser saved its file. */
async function makeKey(page: Page): Promise<string> {
  await page.getByLabel("Password for the key file").fill(PASSWORD);
  await page.getByLabel("The same password again").fill(PASSWORD);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Make the key and save its file" }).click();
  const file = path.join(folder, `${crypto.randomUUID()}.json`);
  await (await download).saveAs(file);
  await page.getByLabel("I have the file").check();
  await page.getByRole("button", { name: "Use this key" }).click();
  return file;
}

const zTypedDataParams = z.tuple([z.string(), z.string()]);
const zTransactionParams = z.tuple([z.object({ to: z.string(), data: z.string(), gas: z.string() })]);

/** A wallet extension, as far as pages see it (EIP-6963, EIP-1193); notes the messages that it is asked to sign. */
async function installWallet(page: Page, { account }: TestSigner, shown: unknown[]): Promise<void> {
  const { chain, publicClient } = { ...world.chain, chain: world.chain.walletClient.chain };
  const wallet = createWalletClient({ account, chain, transport: custom({ request: publicClient.request }) });
  await page.exposeFunction("askTestWallet", async (method: string, params: unknown): Promise<unknown> => {
    if (method === "eth_requestAccounts") return [account.address];
    if (method === "eth_chainId") return `0x${chain.id.toString(16)}`;
    if (method === "eth_signTypedData_v4") {
      const message: unknown = JSON.parse(zTypedDataParams.parse(params)[1]);
      shown.push(message);
      return account.signTypedData(message as Parameters<typeof account.signTypedData>[0]);
    }
    if (method === "eth_sendTransaction") {
      const [{ to, data, gas }] = zTransactionParams.parse(params);
      return wallet.sendTransaction({ to: toAddress(to), data: data as `0x${string}`, gas: BigInt(gas) });
    }
    throw new Error(`the test wallet has no ${method}`);
  });
  await page.addInitScript(() => {
    const ask = (
      window as unknown as { askTestWallet: (method: string, params: unknown) => Promise<unknown> }
    ).askTestWallet;
    const provider = {
      request: ({ method, params }: { method: string; params?: unknown }) => ask(method, params),
    };
    const detail = { info: { uuid: "test", name: "Test wallet" }, provider };
    window.addEventListener("eip6963:requestProvider", () =>
      window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })),
    );
  });
}
