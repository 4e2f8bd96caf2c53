import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { letterToQr, readLetter } from "#core/friends/wire.ts";
import { joinRequestText } from "#core/joining/request.ts";
import type { OpenedLetter } from "#core/wallet-api/friends.ts";
import { writeFilm } from "#e2e/support/camera-film.ts";
import { findChromium } from "#tools/setup/chromium.mjs";
import { noContacts } from "../../testing/contact-samples.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { jpegOf, photograph } from "../../testing/qr-pictures.ts";
import { appInfo, ledgerAddress, recipient, tusd, unlockedState } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();
let folder: string;
let film: string;
const browsers: Browser[] = [];

/** A letter that takes several QR codes. */
const letter = readLetter(
  JSON.stringify({
    trivet: "friend",
    version: 1,
    kind: "request",
    domain: { chainId: 31337, implementation: ledgerAddress },
    account: recipient,
    from: "Ana",
    createdAt: 1_000,
    expiresAt: 2_000_000_000,
    role: "recovery",
    reason: "My laptop was stolen.",
    operation: { kind: "lock", account: recipient, nonce: "0" },
    needed: 1,
    keys: Array.from({ length: 8 }, () => ({ signer: recipient, salt: `0x${"33".repeat(32)}` })),
  }),
);
const parts = letterToQr(letter) ?? [];
const opened: OpenedLetter = {
  kind: "check",
  from: "Ana",
  account: ledgerAddress,
  role: "recovery",
  expiresAt: 2_000_000_000,
};
const joinRequest = joinRequestText({
  request: {
    chainId: 31337,
    account: recipient,
    device: ledgerAddress,
    name: "Laptop",
    until: 2_000_000_000,
  },
  signature: `0x${"11".repeat(65)}`,
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-camera-"));
  film = path.join(folder, "camera.y4m");
  const [first = "", ...others] = parts;
  // Somebody's menu first, then the parts, the last one in front.
  const seen = ["https://example.org/menu", ...others.toReversed(), first];
  await writeFilm(
    film,
    seen.map((text) =>
      photograph(text, { width: 640, height: 480, scale: 4, turn: 0.03, noise: 10, random: Math.random }),
    ),
  );
});
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await rm(folder, { recursive: true });
});

/** A browser of its own: what camera there is, and whether it may be used, is said when it starts. */
async function browserWith(...args: string[]): Promise<Browser> {
  const common = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: findChromium() ?? "", args: [...common, ...args] });
  browsers.push(browser);
  return browser;
}
const ALLOWED = "--use-fake-ui-for-media-stream";
const camera = () => ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`];

interface Opened {
  readonly page: Page;
  readonly asked: unknown[];
  readonly lock: () => Promise<void>;
  /** Of every camera that was ever on: "live" or "ended". */
  readonly cameras: () => Promise<string[]>;
}

async function openApp(browser: Browser, more: Handlers = {}): Promise<Opened> {
  const asked: unknown[] = [];
  const { page, emit } = await openPage(browser, pages.urls.app, {
    handlers: {
      "wallet.state": () => unlockedState(),
      "app.info": () => appInfo,
      "settings.get": () => ({ theme: "system", lockAfterMinutes: 10 }),
      "account.balances": () => [{ token: tusd, amount: 1_000_000n }],
      "account.activity": () => [],
      "operations.list": () => [],
      ...noContacts,
      "friends.view": () => ({
        friends: [],
        roles: [
          { role: "mfa", threshold: 1, keys: 1 },
          { role: "recovery", threshold: 1, keys: 1 },
        ],
        invitations: [],
        standings: [],
      }),
      "friends.open": (input) => {
        asked.push(input);
        return opened;
      },
      ...more,
    },
  });
  await page.evaluate(() => {
    const tracks: MediaStreamTrack[] = [];
    const { mediaDevices } = navigator;
    const original = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await original(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, { tracks });
  });
  return {
    page,
    asked,
    lock: () => emit("state", { phase: "locked", email: "ada@example.org", reason: "idle" }),
    cameras: () =>
      page.evaluate(() =>
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState),
      ),
  };
}

async function openFriends(browser: Browser): Promise<Opened> {
  const app = await openApp(browser);
  await app.page.getByRole("link", { name: "Keys", exact: true }).click();
  await app.page.getByRole("link", { name: /^Friends/ }).click();
  await app.page.getByRole("button", { name: "Read a QR code" }).click();
  return app;
}

const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Read a QR code" });

describe("with the camera", () => {
  test("the parts of a letter are read in any order, a foreign code is said, and the camera is off at the end", async () => {
    const { page, asked, cameras } = await openFriends(await browserWith(ALLOWED, ...camera()));
    const dialog = dialogOf(page);
    expect(await cameras()).toEqual([]);
    await dialog.getByRole("button", { name: "Use the camera" }).click();
    await dialog.getByRole("alert").getByText("This is no letter of Trivet's").waitFor();
    expect(await cameras()).toEqual(["live"]);
    expect(await barriersOf(page)).toEqual([]);
    expect(parts.length).toBeGreaterThan(2);
    await dialog.getByRole("status").getByText(`2 of ${parts.length} codes are read.`).waitFor();
    await dialog.waitFor({ state: "hidden" });
    await page.locator('[data-opened="check"]').waitFor();
    const [{ text } = { text: "" }] = asked as { text: string }[];
    expect(readLetter(text)).toEqual(letter);
    expect(await cameras()).toEqual(["ended"]);
  });

  test("the camera is off when the person stops it, closes the dialog, leaves, or Trivet locks", async () => {
    const browser = await browserWith(ALLOWED, "--use-fake-device-for-media-stream");
    const { page, cameras, lock } = await openFriends(browser);
    const dialog = dialogOf(page);
    const use = async () => {
      await dialog.getByRole("button", { name: "Use the camera" }).click();
      await dialog.locator("video").waitFor();
      await expect.poll(async () => (await cameras()).at(-1)).toBe("live");
    };
    await use();
    await dialog.getByRole("button", { name: "Stop the camera" }).click();
    expect(await cameras()).toEqual(["ended"]);
    await use();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await cameras()).toEqual(["ended", "ended"]);
    await page.getByRole("button", { name: "Read a QR code" }).click();
    await use();
    await lock();
    await page.getByRole("heading", { level: 1, name: "Trivet is locked" }).waitFor();
    expect(await cameras()).toEqual(["ended", "ended", "ended"]);
    // Nothing of the dialog lies over what comes next.
    await page.getByRole("button", { name: "Send code" }).click({ trial: true });
  });

  test("asked for and closed before it is there, the camera does not stay on", async () => {
    const { page, cameras } = await openFriends(
      await browserWith(ALLOWED, "--use-fake-device-for-media-stream"),
    );
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const original = mediaDevices.getUserMedia.bind(mediaDevices);
      const answer = Promise.withResolvers<undefined>();
      Object.assign(window, {
        answer: () => {
          answer.resolve(undefined);
        },
      });
      mediaDevices.getUserMedia = (constraints) => answer.promise.then(() => original(constraints));
    });
    await dialogOf(page).getByRole("button", { name: "Use the camera" }).click();
    await page.getByText("Waiting for the camera").waitFor();
    await page.keyboard.press("Escape");
    await page.evaluate(() => {
      (window as unknown as { answer: () => void }).answer();
    });
    await expect.poll(cameras).toEqual(["ended"]);
  });

  test.each([
    ["there is none", [ALLOWED], "No camera was found."],
    [
      "the system refuses it",
      [`${ALLOWED}=deny`, "--use-fake-device-for-media-stream"],
      "The camera may not be used here.",
    ],
  ])("where %s, it says so and what to do, and a picture is read all the same", async (_, args, words) => {
    const { page, asked } = await openFriends(await browserWith(...args));
    const dialog = dialogOf(page);
    await dialog.getByRole("button", { name: "Use the camera" }).click();
    const alert = dialog.getByRole("alert");
    await alert.getByText(words).waitFor();
    await alert.getByText("or choose a picture of the code").waitFor();
    await alert.getByRole("button", { name: "Try again" }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await dialog.getByLabel("Picture of a QR code").setInputFiles(await jpegOf(page, parts));
    await dialog.waitFor({ state: "hidden" });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ["SecurityError", "The camera may not be used here."],
    ["NotReadableError", "Another program may be using it."],
    ["AbortError", "Another program may be using it."],
    ["OverconstrainedError", "No camera was found."],
  ])("what the browser calls %s is said in plain words", async (name, words) => {
    const { page } = await openFriends(pages.browser);
    await page.evaluate((kind) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", kind));
    }, name);
    await dialogOf(page).getByRole("button", { name: "Use the camera" }).click();
    await dialogOf(page).getByRole("alert").getByText(words).waitFor();
  });
});

test("the keyboard alone opens the dialog, uses the camera and comes back to where it was", async () => {
  const browser = await browserWith(ALLOWED, "--use-fake-device-for-media-stream");
  const { page, cameras } = await openFriends(browser);
  await page.keyboard.press("Escape");
  await dialogOf(page).waitFor({ state: "hidden" });
  const focused = () => page.evaluate(() => document.activeElement?.textContent.trim());
  await expect.poll(focused).toBe("Read a QR code");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Use the camera");
  await page.keyboard.press("Enter");
  await expect.poll(cameras).toEqual(["live"]);
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Choose a picture");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Close");
  await page.keyboard.press("Enter");
  await expect.poll(cameras).toEqual(["ended"]);
  await expect.poll(focused).toBe("Read a QR code");
});

test("of several cameras another one can be chosen, and one that goes away is said", async () => {
  const { page, cameras } = await openFriends(
    await browserWith(ALLOWED, "--use-fake-device-for-media-stream=device-count=2"),
  );
  const dialog = dialogOf(page);
  await dialog.getByRole("button", { name: "Use the camera" }).click();
  const choice = dialog.getByRole("combobox", { name: "Camera" });
  await choice.waitFor();
  const names = await choice.getByRole("option").allInnerTexts();
  expect(names).toHaveLength(2);
  await choice.selectOption({ label: names[1] ?? "" });
  await expect.poll(cameras).toEqual(["ended", "live"]);
  expect(await barriersOf(page)).toEqual([]);
  await page.evaluate(() => {
    (window as unknown as { tracks: MediaStreamTrack[] }).tracks.at(-1)?.dispatchEvent(new Event("ended"));
  });
  await dialog.getByRole("alert").getByText("The camera is gone.").waitFor();
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect.poll(async () => (await cameras()).at(-1)).toBe("live");
});

describe("from a picture", () => {
  test("a letter is read out of one photo of all its codes, or one for each", async () => {
    const { page, asked } = await openFriends(pages.browser);
    const chooser = page.getByLabel("Picture of a QR code");
    await chooser.setInputFiles(await jpegOf(page, parts));
    await dialogOf(page).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Read a QR code" }).click();
    for (const [index, part] of parts.entries()) {
      await chooser.setInputFiles(await jpegOf(page, [part]));
      if (index + 1 < parts.length) {
        await dialogOf(page)
          .getByText(`${index + 1} of ${parts.length} codes are read.`)
          .waitFor();
      }
    }
    await dialogOf(page).waitFor({ state: "hidden" });
    await expect.poll(() => asked.length).toBe(2);
    for (const { text } of asked as { text: string }[]) expect(readLetter(text)).toEqual(letter);
  });

  test("a code that stands on its corner is read", async () => {
    const { page } = await openApp(pages.browser);
    await page.getByRole("link", { name: "Withdraw", exact: true }).click();
    await page.getByRole("button", { name: "Read a QR code" }).click();
    const photo = await jpegOf(page, [recipient], { turn: Math.PI / 4 });
    await dialogOf(page).getByLabel("Picture of a QR code").setInputFiles(photo);
    await dialogOf(page).waitFor({ state: "hidden" });
    expect(await page.getByLabel("Recipient").inputValue()).toBe(recipient);
  });

  test("a pasted screenshot is read", async () => {
    const { page, asked } = await openFriends(pages.browser);
    const { buffer } = await jpegOf(page, parts);
    await dialogOf(page).evaluate((dialog, base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], "image.jpg", { type: "image/jpeg" }));
      dialog.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, buffer.toString("base64"));
    await dialogOf(page).waitFor({ state: "hidden" });
    await expect.poll(() => asked.length).toBe(1);
  });

  test("what is no picture, holds no code, or holds a foreign one is said", async () => {
    const { page, asked } = await openFriends(pages.browser);
    const dialog = dialogOf(page);
    const choose = async (file: string | Awaited<ReturnType<typeof jpegOf>>, words: string) => {
      await dialog.getByLabel("Picture of a QR code").setInputFiles(file);
      await dialog.getByRole("alert").getByText(words).waitFor();
    };
    const text = { name: "letter.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
    await choose(text, "This is no picture that can be opened.");
    await choose(await jpegOf(page, []), "No QR code in this picture can be read.");
    await choose(await jpegOf(page, [joinRequest]), "This is no letter of Trivet's");
    const large = path.join(folder, "large.png");
    await writeFile(large, "");
    await truncate(large, 31_000_000);
    await choose(large, "This picture is too large.");
    expect(await barriersOf(page)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test("a recipient's address is read for this network, and nothing but an address", async () => {
    const { page } = await openApp(pages.browser);
    await page.getByRole("link", { name: "Withdraw", exact: true }).click();
    const dialog = dialogOf(page);
    await page.getByRole("button", { name: "Read a QR code" }).click();
    for (const [text, words] of [
      [`ethereum:${recipient}@1`, "This QR code is for another network (chain 1)."],
      [
        `ethereum:${recipient}@31337/transfer?address=${ledgerAddress}&uint256=1`,
        "asks for a call of a contract",
      ],
      [recipient.replace("5a", "5b"), "its checksum does not match"],
      ["hello", "This QR code holds no address."],
    ] as const) {
      await dialog.getByLabel("Picture of a QR code").setInputFiles(await jpegOf(page, [text]));
      await dialog.getByRole("alert").getByText(words).waitFor();
    }
    await dialog
      .getByLabel("Picture of a QR code")
      .setInputFiles(await jpegOf(page, [`ethereum:${recipient}@31337?value=5`]));
    await dialog.waitFor({ state: "hidden" });
    expect(await page.getByLabel("Recipient").inputValue()).toBe(recipient);
  });
});
