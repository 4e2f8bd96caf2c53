import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { hashTypedData } from "viem/utils";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Safe } from "#contracts/testing/safe.ts";
import { World } from "#contracts/testing/world.ts";
import { checkAcceptance, checkPresence, checkSignedAnswer } from "#core/friends/checks.ts";
import type { Letter, SignatureRequest } from "#core/friends/letters.ts";
import { contractSigners } from "#core/friends/contract-signers.ts";
import { invitationHash } from "#core/friends/messages.ts";
import { ACCOUNT, at, bytes, DOMAIN, lettersOf, NEW_COMPUTER } from "#core/friends/testing/letters.ts";
import { NO_CONTRACTS } from "#core/friends/testing/no-contracts.ts";
import { letterToFile, letterToLink, letterToQr, readLetter } from "#core/friends/wire.ts";
import { keyId } from "#core/keys/key.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { comparisonCode } from "#core/primitives/comparison-code.ts";
import { type Hex, NO_SALT } from "#core/primitives/hex.ts";
import { buildFriendPage } from "#tools/friend-page/build.ts";
import { findChromium } from "#tools/setup/chromium.mjs";
import { jpegOf } from "../testing/qr-pictures.ts";
import { barriersOf } from "../testing/use-pages.ts";

/** The generated file in a browser with wallets that sign for real: nothing else of Trivet runs. */
let world: World;
let browser: Browser;
let folder: string;
let file: string;
const requested: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium is installed");
  folder = await mkdtemp(path.join(tmpdir(), "trivet-friend-page-"));
  file = path.join(folder, "friend.html");
  await writeFile(file, await buildFriendPage());
  world = await World.start();
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  // It reaches nothing but its own file, and its policy had to refuse nothing of its own.
  expect(requested.splice(0).filter((url) => !/^(file|blob):/.test(url))).toEqual([]);
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await world.stop();
  await rm(folder, { recursive: true });
});

const now = () => Math.floor(Date.now() / 1000);
const invitation = () => lettersOf(now()).invitation;
const request = (keys: SignatureRequest["keys"]) => lettersOf(now()).requestOf(keys);

/** What a wallet answers to a page. */
type Wallet = (method: string, params: readonly unknown[]) => Promise<unknown>;

type TypedData = Parameters<typeof hashTypedData>[0];
const typedDataOf = (params: readonly unknown[]) => JSON.parse(String(params[1])) as TypedData;

/** A wallet with one key, which answers no questions about the chain. */
function keyWallet(
  privateKey: Hex = generatePrivateKey(),
  signs: (signature: Hex) => Hex | undefined = (signature) => signature,
): Wallet {
  const account = privateKeyToAccount(privateKey);
  return async (method, params) => {
    if (method === "eth_requestAccounts") return [account.address];
    if (method !== "eth_signTypedData_v4") throw new Error(`no ${method}`);
    const signed = signs(await account.sign({ hash: hashTypedData(typedDataOf(params)) }));
    if (!signed) throw new Error("rejected");
    return signed;
  };
}

/** A wallet whose account is a contract, on a chain of its own. */
interface ContractWalletOptions {
  /** The chain it is set to; it switches when it is asked to. */
  readonly chainId?: number;
  /** It answers no questions about the chain. */
  readonly mute?: boolean;
}
function contractWallet(
  address: Address,
  sign: (digest: Hex) => Hex | Promise<Hex>,
  { chainId = DOMAIN.chainId, mute = false }: ContractWalletOptions = {},
): Wallet {
  let current = chainId;
  return async (method, params) => {
    switch (method) {
      case "eth_requestAccounts":
        return [address];
      case "eth_signTypedData_v4":
        return sign(hashTypedData(typedDataOf(params)));
      case "wallet_switchEthereumChain":
        current = DOMAIN.chainId;
        return null;
      case "eth_chainId":
        return `0x${current.toString(16)}`;
      default:
        if (mute || current !== DOMAIN.chainId) throw new Error(`no ${method}`);
        // The page says what it wants; viem types parameters by method.
        return world.chain.publicClient.request({ method, params } as Parameters<
          typeof world.chain.publicClient.request
        >[0]);
    }
  };
}

interface Ben {
  readonly page: Page;
  /** Opens a letter, connects the wallet and signs; the answer as the page gives it back. */
  readonly answer: <K extends Letter["kind"]>(
    letter: Letter,
    kind: K,
  ) => Promise<Extract<Letter, { kind: K }>>;
  readonly open: (text: string) => Promise<void>;
  readonly sign: () => Promise<void>;
  /** What the wallet was asked to sign, in its own words. */
  readonly shown: string[];
}

/** Ben, who has a browser wallet and no Trivet. */
async function ben(wallet: Wallet = keyWallet()): Promise<Ben> {
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  page.on("request", (sent) => requested.push(sent.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const shown: string[] = [];
  await page.exposeBinding("walletRequest", async (_source, method: string, params: unknown) => {
    const list: readonly unknown[] = Array.isArray(params) ? params : [];
    if (method === "eth_signTypedData_v4") shown.push(typedDataOf(list).primaryType);
    return wallet(method, list);
  });
  await page.addInitScript(() => {
    const ask = (
      window as unknown as { walletRequest: (method: string, params: unknown) => Promise<unknown> }
    ).walletRequest;
    Object.assign(window, {
      ethereum: {
        request: ({ method, params }: { method: string; params?: unknown }) => ask(method, params),
      },
    });
  });
  await page.goto(pathToFileURL(file).href);

  const open = async (text: string) => {
    await page.getByLabel("Letter", { exact: true }).fill(text);
    await page.getByRole("button", { name: "Open it" }).first().click();
  };
  const sign = async () => {
    await page.getByRole("button", { name: /^Connect/ }).click();
    await page.getByRole("button", { name: /^Sign with/ }).click();
  };
  return {
    page,
    open,
    sign,
    shown,
    async answer(letter, kind) {
      await open(letterToFile(letter));
      await sign();
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Save the answer" }).click();
      const read = readLetter(await readFile(await (await download).path(), "utf8"));
      const link = await page.getByLabel("Or copy it as a link").inputValue();
      expect(readLetter(link)).toEqual(read);
      if (read.kind !== kind) throw new Error(`answered with a ${read.kind}`);
      // The kind was just compared; TypeScript does not narrow a union by a generic.
      return read as Extract<Letter, { kind: typeof kind }>;
    },
  };
}

/** Every QR code of an answer as it stands on the screen, turned to one by one. */
async function codesOf(page: Page): Promise<Buffer[]> {
  await page.getByRole("button", { name: "Show as a QR code" }).click();
  const code = page.getByRole("img", { name: /^QR code \d of \d$/ });
  const next = page.getByRole("button", { name: "Next" });
  const pictures = [await code.screenshot()];
  while ((await next.count()) > 0 && (await next.isEnabled())) {
    await next.click();
    pictures.push(await code.screenshot());
  }
  return pictures;
}

/** What the app's reader makes of pictures of codes; the page has the same one. */
async function readByCodes(pictures: readonly Buffer[]): Promise<Letter> {
  const { page } = await ben();
  await page.getByRole("button", { name: "Read a QR code" }).click();
  const dialog = page.getByRole("dialog");
  for (const [index, buffer] of pictures.entries()) {
    const file = { name: `${index}.png`, mimeType: "image/png", buffer };
    await page.getByLabel("Picture of a QR code").setInputFiles(file);
  }
  await dialog.waitFor({ state: "detached" });
  return readLetter(await page.getByLabel("Letter", { exact: true }).inputValue());
}

describe("the friend's page", () => {
  test("accepts an invitation with a key that stays hidden, and shows the digits that Ana sees", async () => {
    const { answer, page, shown } = await ben();
    const letter = invitation();
    const acceptance = await answer(letter, "acceptance");
    const key = await checkAcceptance(acceptance, letter, now(), NO_CONTRACTS);
    expect(key.salt).not.toBe(NO_SALT);
    expect(shown).toEqual(["AcceptInvitation"]);
    const code = comparisonCode(invitationHash(letter), keyId(key));
    await page.getByText(code).waitFor();
    await page.getByText("Keep a copy of this answer for yourself").waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  test("says who asks, what is signed, what comes of it and what it cannot do, before it signs", async () => {
    const privateKey = generatePrivateKey();
    const signer = toAddress(privateKeyToAccount(privateKey).address);
    const { open, page, sign, shown } = await ben(keyWallet(privateKey));
    await open(letterToLink(request([{ signer, salt: bytes("77") }])) ?? "");
    const letter = page.getByRole("region", { name: "The letter" });
    for (const text of [
      "Ana asks you to sign: Add device key",
      "My laptop was stolen.",
      "you have signed nothing",
    ]) {
      await letter.getByText(text).waitFor();
    }
    expect((await letter.innerText()).replaceAll(/\s/g, "")).toContain(NEW_COMPUTER.key.signer);
    expect(shown).toEqual([]);
    await sign();
    await page.getByText("Signed. Send this answer to Ana.").waitFor();
    expect(shown).toEqual(["ChangeAccount"]);
    expect(await barriersOf(page)).toEqual([]);
  });

  test("signs with the hidden key that the request names, or that the kept answer names", async () => {
    const privateKey = generatePrivateKey();
    const first = await ben(keyWallet(privateKey));
    const acceptance = await first.answer(invitation(), "acceptance");
    const asked = [keyId(acceptance.key)];
    const signed = await first.answer(request([acceptance.key]), "signature");
    expect((await checkSignedAnswer(signed, NEW_COMPUTER, DOMAIN, asked, NO_CONTRACTS)).key).toEqual(
      acceptance.key,
    );

    const later = await ben(keyWallet(privateKey));
    await later.open(letterToFile(request([])));
    await later.page.getByText("My key is hidden on the chain").click();
    await later.page.getByLabel("Your answer of that time", { exact: true }).fill(letterToFile(acceptance));
    await later.page.getByRole("button", { name: "Open it" }).last().click();
    await later.page.getByText(`Your key is ${acceptance.key.signer}.`).waitFor();
    await later.sign();
    const link = await later.page.getByLabel("Or copy it as a link").inputValue();
    const answer = readLetter(link);
    expect(
      answer.kind === "signature" &&
        (await checkSignedAnswer(answer, NEW_COMPUTER, DOMAIN, asked, NO_CONTRACTS)).key,
    ).toEqual(acceptance.key);
  });

  test("reads the QR codes of a letter from photos", async () => {
    const { page } = await ben();
    const codes =
      letterToQr(request(Array.from({ length: 8 }, () => ({ signer: at("66"), salt: bytes("77") })))) ?? [];
    expect(codes.length).toBeGreaterThan(1);
    await page.getByRole("button", { name: "Read a QR code" }).click();
    for (const code of codes.toReversed()) {
      await page
        .getByLabel("Picture of a QR code")
        .setInputFiles(await jpegOf(page, [code], { quality: 0.9 }));
    }
    await page.locator('[data-opened="request"]').waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  test("shows an answer as QR codes, which are read back to that very letter", async () => {
    const { answer, page } = await ben();
    const acceptance = await answer(invitation(), "acceptance");
    const shown = await codesOf(page);
    expect(shown.length).toBeGreaterThan(1);
    expect(await barriersOf(page)).toEqual([]);
    expect(await readByCodes(shown)).toEqual(acceptance);
  });

  test("says that Ben is still there", async () => {
    const privateKey = generatePrivateKey();
    const signer = toAddress(privateKeyToAccount(privateKey).address);
    const check = lettersOf(now()).checkOf({ signer, salt: NO_SALT });
    const { answer } = await ben(keyWallet(privateKey));
    await expect(
      checkPresence(await answer(check, "presence"), check, now(), NO_CONTRACTS),
    ).resolves.toBeUndefined();
  });

  test("gives back a signature whichever way the wallet counts v", async () => {
    const letter = invitation();
    const { answer } = await ben(
      keyWallet(generatePrivateKey(), (signature) => {
        const v = Number.parseInt(signature.slice(-2), 16) - 27;
        return `${signature.slice(0, -2)}0${v}` as Hex;
      }),
    );
    await expect(
      checkAcceptance(await answer(letter, "acceptance"), letter, now(), NO_CONTRACTS),
    ).resolves.toBeDefined();
  });

  test("refuses what is late, no letter, an answer, or meant for another address; and a wallet that signs something else", async () => {
    const { open, page } = await ben();
    const refused = (text: string | RegExp) => page.getByRole("alert").getByText(text).waitFor();
    await open(letterToFile({ ...invitation(), createdAt: 1, expiresAt: 2 }));
    await refused(/counted until/);
    await open("hello");
    await refused(/no letter of Trivet's/);
    const other = await ben();
    await other.open(letterToFile(request([{ signer: at("66"), salt: NO_SALT }])));
    await other.sign();
    await other.page
      .getByRole("alert")
      .getByText(/another address/)
      .waitFor();
    const liar = await ben(keyWallet(generatePrivateKey(), () => bytes("01", 65)));
    await liar.open(letterToFile(invitation()));
    await liar.sign();
    await liar.page
      .getByRole("alert")
      .getByText(/not one of the key/)
      .waitFor();
    const unwilling = await ben(keyWallet(generatePrivateKey(), () => undefined));
    await unwilling.open(letterToFile(invitation()));
    await unwilling.sign();
    await unwilling.page
      .getByRole("alert")
      .getByText(/did not sign/)
      .waitFor();
    await page.getByRole("alert").first().waitFor();
  });
});

describe("the friend's page with a contract wallet", () => {
  const owners = [generatePrivateKey(), generatePrivateKey(), generatePrivateKey()].map((key) =>
    privateKeyToAccount(key),
  );
  /** As Ana's Trivet asks. */
  const chain = () =>
    contractSigners(ACCOUNT, "Devnet", (asked) =>
      world.chain.publicClient.request(asked as Parameters<typeof world.chain.publicClient.request>[0]),
    );
  const newSafe = () => Safe.create(world.chain, owners, 2);
  const two = owners.slice(0, 2);

  test("answers with what a Safe's owners signed, once the Safe itself said yes to it", async () => {
    const safe = await newSafe();
    const { answer, page } = await ben(contractWallet(safe.address, (digest) => safe.sign(digest, two)));
    const letter = invitation();
    const acceptance = await answer(letter, "acceptance");
    expect(acceptance.version).toBe(2);
    const key = await checkAcceptance(acceptance, letter, now(), chain());
    expect([key.signer, key.salt === NO_SALT]).toEqual([safe.address, false]);
    expect(await barriersOf(page)).toEqual([]);
    const signed = await answer(request([key as typeof acceptance.key]), "signature");
    const taken = await checkSignedAnswer(signed, NEW_COMPUTER, DOMAIN, [keyId(key)], chain());
    expect(taken.signer).toBe("contract");
  });

  test("says what the address is, and hands nothing out before enough owners have signed", async () => {
    const safe = await newSafe();
    const { open, sign, page } = await ben(
      contractWallet(safe.address, (digest) => safe.sign(digest, owners.slice(0, 1))),
    );
    await open(letterToFile(invitation()));
    await sign();
    await page.getByText("it says that 2 of its 3 owners have to sign").waitFor();
    await page.getByRole("alert").getByText("does not count this as signed yet").waitFor();
    expect(await page.getByText("Send this answer to Ana").count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
  });

  test("finds what the owners signed on the chain later, with the page opened anew in between", async () => {
    const safe = await newSafe();
    const digests: Hex[] = [];
    const wallet = contractWallet(safe.address, (digest) => {
      digests.push(digest);
      return "0x";
    });
    const letter = invitation();
    const first = await ben(wallet);
    await first.open(letterToFile(letter));
    await first.sign();
    await first.page.getByRole("alert").getByText("does not count this as signed yet").waitFor();
    const [digest] = digests;
    if (!digest) throw new Error("nothing was to be signed");
    await safe.markSigned(digest, two);
    const later = await ben(wallet);
    const acceptance = await later.answer(letter, "acceptance");
    expect([acceptance.signature, acceptance.version, digests.length]).toEqual(["0x", 2, 1]);
    await expect(checkAcceptance(acceptance, letter, now(), chain())).resolves.toBeDefined();
  });

  test("asks to switch a wallet that is on another chain, and takes no contract's signature there", async () => {
    const safe = await newSafe();
    const { open, sign, page } = await ben(
      contractWallet(safe.address, (digest) => safe.sign(digest, two), { chainId: 8453 }),
    );
    await open(letterToFile(invitation()));
    await sign();
    await page.getByText("Browser wallet is on Base, the account on chain 31337").waitFor();
    await page
      .getByRole("alert")
      .getByText("Browser wallet is on Base, and this letter is about an account on chain 31337")
      .waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Ask it to switch to chain 31337" }).click();
    await page.getByText("it says that 2 of its 3 owners have to sign").waitFor();
    await page.getByRole("button", { name: /^Sign with/ }).click();
    await page.getByText("Signed. Send this answer to Ana.").waitFor();
  });

  test("says so when a contract does not exist on the account's chain", async () => {
    const { open, sign, page } = await ben(contractWallet(at("77"), () => bytes("12", 700)));
    await open(letterToFile(invitation()));
    await sign();
    await page
      .getByRole("alert")
      .getByText("Your wallet's address is a contract that does not exist on chain 31337.")
      .waitFor();
  });

  test("hands out what it cannot check, and says that it could not", async () => {
    const safe = await newSafe();
    const { answer, page } = await ben(
      contractWallet(safe.address, (digest) => safe.sign(digest, two), { mute: true }),
    );
    const letter = invitation();
    const acceptance = await answer(letter, "acceptance");
    await page.getByText("This signature could not be checked here").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await expect(checkAcceptance(acceptance, letter, now(), chain())).resolves.toBeDefined();
  });

  test("hears a contract that burns gas or answers with junk as one that says no, and takes no megabyte", async () => {
    for (const [name, args] of [
      ["BurningSigner", []],
      ["LiteralSigner", [bytes("fe", 4096)]],
    ] as const) {
      const { address } = await world.deployHostile(name, args);
      const { open, sign, page } = await ben(contractWallet(address, () => "0x1234"));
      await open(letterToFile(invitation()));
      await sign();
      await page.getByRole("alert").getByText("does not count this as signed yet").waitFor();
    }
    const { address } = await world.deployHostile("GullibleSigner");
    const { open, page } = await ben(contractWallet(address, () => "0x"));
    await open(letterToFile(invitation()));
    await page.getByRole("button", { name: /^Connect/ }).click();
    await page.getByText("who stands behind it, only its owner can say").waitFor();
    const long = await world.deployHostile("OwnedSigner", [at("12")]);
    const liar = await ben(contractWallet(long.address, () => bytes("ab", 1 << 20)));
    await liar.open(letterToFile(invitation()));
    await liar.sign();
    await liar.page.getByRole("alert").getByText("did not sign").waitFor();
  });
});
