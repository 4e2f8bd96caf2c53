import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { erc20Abi, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { richAccount } from "#contracts/testing/chain.ts";
import { perform } from "#contracts/testing/perform.ts";
import { World } from "#contracts/testing/world.ts";
import { type ExitKit, fillExitKit } from "#core/exit-kit/exit-kit.ts";
import { keyId } from "#core/keys/key.ts";
import { NO_SALT } from "#core/primitives/hex.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { buildExitKit } from "#tools/exit-kit/build.ts";
import { findChromium } from "#tools/setup/chromium.mjs";
import { barriersOf } from "../testing/use-pages.ts";
import { type RpcServer, serveRpc } from "./testing/rpc-server.ts";
import { kitOf, newOwner, newSalt, newSigner, type TestSigner } from "./testing/world.ts";

/** The generated file in a browser, and a chain: nothing else of Trivet runs. */
let world: World;
let rpc: RpcServer;
let browser: Browser;
let template: string;
let folder: string;
const requested: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium is installed");
  folder = await mkdtemp(path.join(tmpdir(), "trivet-exit-kit-"));
  template = await buildExitKit();
  world = await World.start();
  rpc = await serveRpc(world);
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  // A kit reaches its own file and the one server that was named, and its policy had to refuse nothing of its own.
  expect(requested.filter((url) => !url.startsWith(rpc.url) && !/^(file|blob):/.test(url))).toEqual([]);
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await rpc[Symbol.asyncDispose]();
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

async function openKit(kit: ExitKit | undefined): Promise<OpenKit> {
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
  await page.goto(pathToFileURL(file).href);
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

  test("recovers by two of two friends, replaces the MFA key, and withdraws", async () => {
    const owner = { device: newSigner(), mfa: newSigner(), recovery: typed() };
    const account = await world.createAccount(owner);
    const friend = typed(newSalt());
    const both = [owner.device, owner.mfa] as const;
    await perform(world, account, { kind: "addKey", role: "recovery", key: friend.key, expires: 0 }, both);
    await perform(world, account, { kind: "setThreshold", role: "recovery", threshold: 2 }, both);
    const kit = kitOf(world, owner, [["recovery", friend]]);
    const password = "correct horse battery staple";

    const makeKey = async (page: Page): Promise<string> => {
      await page.getByLabel("Password for the key file").fill(password);
      await page.getByLabel("The same password again").fill(password);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Make the key and save its file" }).click();
      const file = path.join(folder, `${crypto.randomUUID()}.json`);
      await (await download).saveAs(file);
      await page.getByLabel("I have the file").check();
      await page.getByRole("button", { name: "Use this key" }).click();
      return file;
    };

    // Ana asks: one friend's key is at hand, the other friend signs elsewhere.
    const ana = await openKit(kit);
    await read(ana.page);
    await ana.hold(owner.recovery);
    await ana.page.getByLabel("It signs elsewhere").check();
    await ana.page.getByLabel("Signer").fill(friend.account.address);
    await ana.page.getByRole("button", { name: "Add", exact: true }).click();
    await ana.page.getByText("Signs elsewhere; you paste its signature").waitFor();
    await ana.goOn("Add a new device key");
    const deviceFile = await makeKey(ana.page);
    await ana.sign("Recovery key");
    const message: unknown = JSON.parse(await ana.page.getByLabel("Message to sign").inputValue());
    await ana.page.getByLabel("Signature", { exact: true }).fill(`0x${"11".repeat(64)}1b`);
    await ana.page.getByRole("button", { name: "Check the signature" }).click();
    await ana.page.getByText("This signature is not one of that key").waitFor();
    await ana.page
      .getByLabel("Signature", { exact: true })
      .fill(
        await friend.account.signTypedData(message as Parameters<typeof friend.account.signTypedData>[0]),
      );
    await ana.page.getByRole("button", { name: "Check the signature" }).click();
    await ana.pay();
    await ana.page.getByText(/Device key, pending until/).waitFor();
    await ana.page.close();

    // The delay passes, and nothing is sent at its end. Another day, another window: the key comes from its file.
    await world.chain.testClient.increaseTime({ seconds: 7 * 86_400 });
    await world.chain.testClient.mine({ blocks: 1 });
    const later = await openKit(kit);
    await read(later.page);
    await later.page.getByLabel("A key file and its password").check();
    await later.page.getByLabel("Key file", { exact: true }).setInputFiles(deviceFile);
    await later.page.getByLabel("Password of the file").fill(password);
    await later.page.getByRole("button", { name: "Add", exact: true }).click();
    await later.page.getByText("Device key, active").waitFor();
    await later.page.getByLabel("A private key").check();
    await later.hold(owner.recovery);
    await later.hold(friend);
    await later.goOn("Make a key of your own the MFA or recovery key");
    await later.page.getByRole("button", { name: "Go on", exact: true }).click();
    const mfaFile = await makeKey(later.page);
    expect(JSON.parse(await readFile(mfaFile, "utf8"))).toMatchObject({ version: 3 });
    await later.sign("Device key", "Recovery key", "Recovery key");
    await later.pay();
    await later.page.getByText("MFA key, active").waitFor();

    const to = fresh();
    await later.page.getByRole("button", { name: "Back to what you can do" }).click();
    await later.goOn("Withdraw everything");
    await later.page.getByLabel(/1000 TUSD/).waitFor();
    await later.page.getByLabel("Recipient").fill(to);
    await later.page.getByRole("button", { name: "Review" }).click();
    await later.sign("Device key", "MFA key");
    await sendAllAs(later.page);

    expect(await balances(account)).toEqual(NOTHING);
    expect(await balances(to)).toEqual(EVERYTHING);
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

/** Sends by the payer that was entered before. */
async function sendAllAs(page: Page): Promise<void> {
  await page.getByLabel(payer.address).check();
  await sendAll(page, 1);
}
