import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";
import type { WalletOutput } from "#core/wallet-api/methods.ts";
import type { Settings, WalletState } from "#core/wallet-api/state.ts";
import { ofOpenAccount } from "./testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "./testing/page-wallet.ts";
import { aReport, aStanding } from "./testing/security-samples.ts";
import { anOperation, ledgerAddress, recipient, tusd, unlockedState } from "./testing/samples.ts";
import { barriersOf, usePages } from "./testing/use-pages.ts";

const code = () => ({ sentTo: "ada@example.org", expiresAt: Date.now() + 600_000 });
const locked: WalletState = { phase: "locked", email: "ada@example.org", reason: "idle" };
const review: WalletOutput<"withdraw.review"> = {
  token: tusd,
  to: recipient,
  amount: 250_000_000n,
  balanceAfter: 1_000_500_000n,
  toIsContract: true,
  toIsKnown: false,
  deploysFirst: true,
  ways: [
    {
      signers: [
        { role: "device", holder: "this-computer" },
        { role: "mfa", holder: "network" },
      ],
      effect: "now",
      seconds: 0,
    },
  ],
};

const report = aReport({ credentials: "none" });

const pages = usePages();

function handlers(changes: Handlers = {}): Handlers {
  return {
    ...ofOpenAccount,
    "account.balances": () => [{ token: tusd, amount: 1_250_500_000n }],
    "wallet.hasUnlockCode": () => false,
    "withdraw.review": () => review,
    "security.standing": () => aStanding(0, 5_000),
    "security.report": () => report,
    ...changes,
  };
}

const openApp = (changes: Handlers = {}, options: PageOptions = {}) =>
  openPage(pages.browser, pages.urls.app, { handlers: handlers(changes), ...options });

describe("the app's page", () => {
  it("shows one plain sentence and nothing to press where there is no wallet API", async () => {
    const { page, complaints } = await openPage(pages.browser, pages.urls.app);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(
      "This page only works inside Trivet",
    );
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await page.getByRole("textbox").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("says what is wrong when the wallet does not start, and tries again", async () => {
    let broken = true;
    const { page } = await openApp({
      "wallet.state": () => {
        if (broken)
          throw new WalletError("wrong-network", "This is another network.", "Start the right one.");
        return unlockedState();
      },
    });
    const alert = page.getByRole("alert");
    expect(await alert.innerText()).toContain("This is another network.");
    expect(await alert.innerText()).toContain("Start the right one.");
    broken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  });

  it("says so for good when main's events cannot be understood", async () => {
    const { page, emit } = await openApp();
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
    await emit("state", { phase: "dancing" } as unknown as WalletState);
    expect(await page.getByRole("alert").innerText()).toContain("do not understand each other");
    expect(await page.getByRole("navigation").count()).toBe(0);
  });

  it("unlocks by the code on paper where there is one, and says what is wrong with what was typed", async () => {
    const { page } = await openApp({
      "wallet.state": () => locked,
      "wallet.hasUnlockCode": () => true,
      "wallet.unlockByCode": (input) => {
        if ((input as { code: string }).code !== "RIGHT")
          throw new WalletError("unlock-code-wrong", "This code opens nothing.", "Try the other paper.");
        return unlockedState();
      },
    });
    await page.getByRole("button", { name: "Unlock with your code on paper" }).click();
    const typed = page.getByLabel("Unlock code");
    await typed.fill("WRONG");
    await page.getByRole("button", { name: "Unlock", exact: true }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Try the other paper.");
    expect(await barriersOf(page)).toEqual([]);
    await typed.fill("RIGHT");
    await page.getByRole("button", { name: "Unlock", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
  });

  it("shows an unlock code until its last group was copied from paper, and asks before it replaces one", async () => {
    const codes = ["AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF"];
    const { page } = await openApp({
      "wallet.createUnlockCode": () => ({ code: codes.shift() ?? "" }),
    });
    await page.getByRole("navigation").getByRole("link", { name: "Keys" }).click();
    await page.getByRole("button", { name: "Make an unlock code" }).click();
    await page.getByText("AAAA-BBBB-CCCC").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    const kept = page.getByRole("button", { name: "I kept it" });
    expect(await kept.isDisabled()).toBe(true);
    await page.getByLabel("Last group of the code").fill("cccc");
    await kept.click();
    expect(await page.getByText("AAAA-BBBB-CCCC").count()).toBe(0);
    await page.getByRole("button", { name: "Make another unlock code" }).click();
    await page.getByRole("button", { name: "Keep mine" }).click();
    expect(codes).toHaveLength(1);
    await page.getByRole("button", { name: "Make another unlock code" }).click();
    await page.getByRole("button", { name: "Make another", exact: true }).click();
    await page.getByText("DDDD-EEEE-FFFF").waitFor();
  });

  it("shows no trace of the account once it is locked, and why it locked", async () => {
    const { page, emit } = await openApp();
    await page.getByRole("row", { name: /Trivet Dollar.*1,250\.5/ }).waitFor();
    await emit("state", locked);
    await page.getByRole("heading", { level: 1, name: "Trivet is locked" }).waitFor();
    const text = await page.getByRole("main").innerText();
    expect(text).toContain("You were away for a while");
    expect(text).not.toContain("1,250.5");
    expect(await page.getByRole("navigation").count()).toBe(0);
  });

  it("follows the theme of the settings against the system's", async () => {
    const saved: Settings[] = [];
    const { page } = await openApp(
      {
        "settings.set": (input) => {
          saved.push(input as Settings);
          return input as Settings;
        },
      },
      { theme: "light" },
    );
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.getByRole("link", { name: "Settings" }).click();
    const light = await background();
    await page.getByRole("radio", { name: "Dark" }).click();
    await expect.poll(background).not.toBe(light);
    expect(saved).toEqual([{ theme: "dark", lockAfterMinutes: 10 }]);
  });
});

describe("typing a code", () => {
  it("sends what was pasted once, without its space", async () => {
    const sent: unknown[] = [];
    const { page } = await openApp({
      "wallet.state": () => ({ phase: "welcome", code: code() }),
      "wallet.verifyCode": (input) => {
        sent.push(input);
        return unlockedState();
      },
    });
    await page.getByLabel("Six-digit code").fill("123 456");
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
    expect(sent).toEqual([{ code: "123456" }]);
  });

  it("keeps a wrong code in place with the reason, and typing replaces it", async () => {
    const { page } = await openApp({
      "wallet.state": () => ({ ...locked, code: code() }),
      "wallet.verifyCode": () => {
        throw new WalletError("code-wrong", "This code is not right.", "Two tries are left.");
      },
    });
    const field = page.getByLabel("Six-digit code");
    await field.pressSequentially("111111");
    expect(await page.getByRole("alert").innerText()).toContain("Two tries are left.");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await page.keyboard.type("2");
    await expect.poll(() => field.inputValue()).toBe("2");
    expect(await page.getByRole("alert").count()).toBe(0);
  });
});

describe("withdrawing", () => {
  it("works with the keyboard alone, up to the operation's screen", async () => {
    const started: unknown[] = [];
    const { page } = await openApp({
      "withdraw.start": (input) => {
        started.push(input);
        return anOperation({ needs: { kind: "confirm" } });
      },
    });
    await page.getByRole("link", { name: "Withdraw" }).press("Enter");
    await page.getByRole("combobox", { name: "Asset" }).waitFor();
    // From the heading, which has the focus: asset, QR code, recipient, amount.
    for (let stops = 0; stops < 3; stops += 1) await page.keyboard.press("Tab");
    await page.keyboard.type(recipient);
    await page.keyboard.press("Tab");
    await page.keyboard.type("250");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Review the withdrawal" }).waitFor();
    await page.getByRole("button", { name: "Go on to sign" }).press("Enter");
    await page.getByRole("heading", { name: "Approve in the confirm window" }).waitFor();
    expect(started).toEqual([
      { token: tusd.address, to: recipient, amount: 250_000_000n, signedBy: ["device", "mfa"] },
    ]);
  });

  it("says of one key alone when it takes effect, who can stop it, and what comes of doing nothing", async () => {
    const started: unknown[] = [];
    const alone: ChangeWay = {
      signers: [{ role: "device", holder: "this-computer" }],
      effect: "afterSingleKeyDelay",
      seconds: 7 * 86_400,
    };
    const { page } = await openApp({
      "withdraw.review": () => ({ ...review, ways: [...review.ways, alone] }),
      "withdraw.start": (input) => {
        started.push(input);
        return anOperation({ needs: { kind: "confirm" } });
      },
    });
    await page.getByRole("link", { name: "Withdraw" }).click();
    await page.getByLabel("Recipient").fill(recipient);
    await page.getByLabel("Amount").fill("250");
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByText("250 TUSD leaves the account at once. It cannot be taken back.").waitFor();
    const later = page.getByRole("radio", { name: /^Device key After 7 days, unless it is cancelled/ });
    await later.click();
    await page.getByText(/waits 7 days\. Any other active key of the account can cancel it/).waitFor();
    await page.getByText(/If nobody does within 30 days, it never runs/).waitFor();
    for (const words of ["If you sign", "If you do nothing", "What it cannot do"]) {
      await page.getByText(words, { exact: true }).waitFor();
    }
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("heading", { name: "Approve in the confirm window" }).waitFor();
    expect(started).toMatchObject([{ signedBy: ["device"] }]);
  });

  it("asks for nothing to be reviewed while a field is wrong", async () => {
    let asked = 0;
    const { page } = await openApp({
      "withdraw.review": () => {
        asked += 1;
        return review;
      },
    });
    await page.getByRole("link", { name: "Withdraw" }).click();
    await page.getByLabel("Recipient").fill(recipient.replace("5aA", "5AA"));
    await page.getByLabel("Amount").fill("9999999");
    await page.getByRole("button", { name: "Review" }).click();
    const problems = (await page.getByRole("alert").allInnerTexts()).join(" ");
    expect(problems).toContain("checksum does not match");
    expect(problems).toContain("more than there is");
    expect(asked).toBe(0);
  });

  it("drops an operation only after asking once more", async () => {
    const dropped: unknown[] = [];
    const waiting = anOperation({ status: "waiting" });
    const { page } = await openApp({
      "operations.list": () => [waiting],
      "operations.drop": (input) => {
        dropped.push(input);
        return { ...waiting, status: "dropped", droppable: false };
      },
    });
    await page.getByRole("button", { name: "Drop" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Keep it" }).click();
    expect(dropped).toEqual([]);
    await page.getByRole("button", { name: "Drop" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Drop it" }).click();
    await page.getByRole("region", { name: /In flight/ }).waitFor({ state: "detached" });
    expect(dropped).toEqual([{ id: waiting.id }]);
  });
});

describe("using a Ledger instead", () => {
  it("waits until it is ready, has its address checked on it, and lets go of it when one leaves", async () => {
    const calls: string[] = [];
    let plugged = false;
    const { page } = await openApp({
      "ledger.check": () =>
        plugged
          ? { devices: [{ id: "a", state: "ready", address: ledgerAddress, model: "Nano S Plus" }] }
          : { devices: [] },
      "ledger.verifyAddress": (input) => {
        calls.push(`verify ${JSON.stringify(input)}`);
        return new Promise(() => undefined);
      },
      "ledger.cancel": () => {
        calls.push("cancel");
        return undefined;
      },
    });
    await page.getByRole("link", { name: "Keys", exact: true }).click();
    await page.getByRole("button", { name: "Use a Ledger instead, for the MFA key" }).click();
    await page.getByText("Plug in your Ledger.").waitFor();
    plugged = true;
    await page.getByRole("button", { name: "Show it on my Ledger" }).click();
    await expect.poll(() => calls).toEqual([`verify {"address":"${ledgerAddress}","path":"44'/60'/0'/0/0"}`]);
    await page.getByRole("link", { name: "Home", exact: true }).click();
    await expect.poll(() => calls).toContain("cancel");
  });
});

describe("every screen", () => {
  const ledger: Handlers = {
    "ledger.check": () => ({
      devices: [{ id: "a", state: "ready", address: ledgerAddress, model: "Flex" }],
    }),
    "ledger.verifyAddress": () => undefined,
  };
  interface Path {
    readonly link?: string;
    readonly button?: string;
  }
  const SCREENS: [name: string, changes: Handlers, path: Path, heading: string][] = [
    ["welcome", { "wallet.state": () => ({ phase: "welcome" }) }, {}, "Your account stands on three keys"],
    ["code", { "wallet.state": () => ({ phase: "welcome", code: code() }) }, {}, "Check your email"],
    [
      "creating",
      {
        "wallet.state": () => ({
          phase: "creating",
          email: "ada@example.org",
          running: false,
          steps: [
            { id: "device-key", status: "done", holder: "this-computer", signer: recipient },
            {
              id: "mfa-key",
              status: "failed",
              holder: "network",
              error: { code: "x", message: "Two nodes are away.", whatToDo: "Start them." },
            },
            { id: "recovery-key", status: "waiting", holder: "network" },
            { id: "address", status: "waiting" },
            { id: "records", status: "waiting" },
          ],
        }),
      },
      {},
      "Your keys are being made",
    ],
    ["unlock", { "wallet.state": () => locked }, {}, "Trivet is locked"],
    ["home", { "operations.list": () => [anOperation()] }, {}, "Your account"],
    ["receive", {}, { link: "Receive" }, "Receive"],
    ["withdraw", {}, { link: "Withdraw" }, "Withdraw"],
    [
      "operation",
      { "operations.list": () => [anOperation()] },
      { button: "Continue" },
      "Withdraw 1,250.5 TUSD",
    ],
    ["keys", {}, { link: "Keys" }, "Keys"],
    [
      "use a Ledger",
      ledger,
      { link: "Keys", button: "Use a Ledger instead, for the MFA key" },
      "Use a Ledger as your MFA key",
    ],
    ["home with a demand", { "security.standing": () => aStanding(0, 12_000) }, {}, "Your account"],
    ["receive, closed", { "security.standing": () => aStanding(0, 12_000) }, { link: "Receive" }, "Receive"],
    ["security", {}, { link: "Security" }, "Security"],
    ["settings", {}, { link: "Settings" }, "Settings"],
  ];
  const LOOKS: PageOptions[] = [
    { theme: "light", size: { width: 1280, height: 800 } },
    { theme: "dark", size: { width: 900, height: 600 } },
  ];

  it.each(SCREENS)(
    "%s: is accessible, keeps to its policy and fits both sizes",
    async (_name, changes, path, heading) => {
      for (const look of LOOKS) {
        const { page, complaints } = await openApp(changes, look);
        const { link, button } = path;
        if (link) await page.getByRole("navigation").getByRole("link", { name: link }).click();
        if (button) await page.getByRole("button", { name: button, exact: true }).click();
        await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
        // Only colours depend on the theme; the whole list takes its time.
        expect(await barriersOf(page, look.theme === "dark" ? ["color-contrast"] : undefined)).toEqual([]);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(look.size?.width ?? 0);
        expect(complaints).toEqual([]);
      }
    },
  );
});
