import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Settings } from "#core/wallet-api/state.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { tusd } from "../../testing/samples.ts";
import { aReport, aStanding } from "../../testing/security-samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const handlers = (changes: Handlers): Handlers => ({
  ...ofOpenAccount,
  "account.balances": () => [{ token: tusd, amount: 1_250_500_000n }],
  "security.standing": () => aStanding(0, 5_000),
  "security.report": () => aReport({ credentials: "none" }),
  ...changes,
});

const openApp = async (changes: Handlers = {}, options: PageOptions = {}) => {
  const opened = await openPage(pages.browser, pages.urls.app, { handlers: handlers(changes), ...options });
  const go = (link: string) =>
    opened.page.getByRole("navigation").getByRole("link", { name: link, exact: true }).click();
  return { ...opened, go };
};

describe("the security screen", () => {
  it("says in one sentence who could take the money, and on the devnet that one machine is everything", async () => {
    const { page, go } = await openApp();
    await go("Security");
    await page.getByText("To take your money, somebody needs your email code, and 7 days").waitFor();
    await page.getByText("On the devnet, one machine is everything").waitFor();
    await page.getByText("ETH is not counted: its last price is too old.").waitFor();
  });

  it("opens a set to its way, step by step, with delay and veto, by the keyboard alone", async () => {
    const { page, go } = await openApp();
    await go("Security");
    const row = page.getByRole("button", { name: /^Email code 7 days, if you do not stop it/ });
    expect(await row.getAttribute("aria-expanded")).toBe("false");
    await row.press("Enter");
    expect(await row.getAttribute("aria-expanded")).toBe("true");
    const steps = page.getByRole("region", { name: "Who could take your money" }).locator("ol > li");
    expect(await steps.count()).toBe(3);
    expect(await steps.nth(1).innerText()).toContain("7 days");
    expect(await steps.nth(1).innerText()).toContain("Each active device key of the account can stop it");
    await row.press("Enter");
    expect(await steps.count()).toBe(0);
  });

  it("shows the first few of many sets, and all when asked", async () => {
    const report = aReport({ methods: ["A", "S"] });
    const { page, go } = await openApp({ "security.report": () => report });
    await go("Security");
    const region = page.getByRole("region", { name: "Who could take your money" });
    await region.waitFor();
    expect(await region.getByRole("button", { name: /step by step/ }).count()).toBe(4);
    await region.getByRole("button", { name: `Show all ${report.theft.length}` }).click();
    expect(await region.getByRole("button", { name: /step by step/ }).count()).toBe(report.theft.length);
  });

  it("starts the change that helps most, and those that help besides", async () => {
    const report = aReport({ credentials: "none" });
    const { page, go } = await openApp({ "security.report": () => report });
    await go("Security");
    const card = page.getByRole("region", { name: "The change that helps most" });
    await card.getByRole("button", { name: "Let two of three friends hold the recovery key" }).click();
    await page.getByRole("heading", { level: 1, name: "Friends" }).waitFor();
    await go("Security");
    await card.getByRole("button", { name: /^Hold the recovery key on a Ledger/ }).click();
    await page.getByRole("heading", { level: 1, name: "Use a Ledger as your recovery key" }).waitFor();
  });

  it("puts first what raises the level where a level is demanded", async () => {
    const { page, go } = await openApp({ "security.standing": () => aStanding(0, 12_000) });
    await go("Security");
    const card = page.getByRole("region", { name: "The change that helps most" });
    await card.getByText("It raises the security level by one.").waitFor();
    await card.getByText("The change that raises the level and helps most").waitFor();
  });

  it("says what went wrong, and tries again", async () => {
    let broken = true;
    const { page, go } = await openApp({
      "security.report": () => {
        if (broken) throw new WalletError("chain-unreachable", "The chain cannot be reached.", "Wait.");
        return aReport({});
      },
    });
    await go("Security");
    await page.getByRole("alert").getByText("The chain cannot be reached.").waitFor();
    broken = false;
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Who could take your money" }).waitFor();
  });
});

describe("what is asked of an account at its value", () => {
  it("is suggested at home until it is put away, and stays away", async () => {
    const saved: Settings[] = [];
    const { page } = await openApp({
      "settings.set": (input) => {
        saved.push(input as Settings);
        return input as Settings;
      },
    });
    await page.getByText("Trivet suggests security level 1").waitFor();
    await page.getByRole("button", { name: "Not now" }).click();
    await page.getByText("Trivet suggests security level 1").waitFor({ state: "detached" });
    expect(saved).toEqual([{ theme: "system", lockAfterMinutes: 10, dismissedLevel: 1 }]);
  });

  it("is suggested anew when a higher level is", async () => {
    const { page } = await openApp({
      "settings.get": () => ({ theme: "system", lockAfterMinutes: 10, dismissedLevel: 1 }),
      "security.standing": () => aStanding(1, 30_000),
    });
    await page.getByText("Trivet suggests security level 2").waitFor();
  });

  it("is demanded without a way to put it away: Receive is closed, withdrawing is not", async () => {
    const { page, go } = await openApp({
      "settings.get": () => ({ theme: "system", lockAfterMinutes: 10, dismissedLevel: 4 }),
      "security.standing": () => aStanding(0, 12_000),
    });
    await page.getByText("Your account needs security level 1, and has level 0").waitFor();
    expect(await page.getByRole("button", { name: "Not now" }).count()).toBe(0);
    await go("Receive");
    await page.getByRole("heading", { name: "Raise the security level first" }).waitFor();
    expect(await page.getByRole("button", { name: "Copy address" }).count()).toBe(0);
    await go("Withdraw");
    await page.getByRole("combobox", { name: "Asset" }).waitFor();
  });

  it("is nothing where the value is not known, or the network holds no key", async () => {
    const unknown = await openApp({
      "security.standing": () => {
        throw new WalletError("chain-unreachable", "The chain cannot be reached.", "Wait.");
      },
    });
    await unknown.go("Receive");
    await unknown.page.getByRole("button", { name: "Copy address" }).waitFor();
    const { page, go } = await openApp({ "security.standing": () => aStanding(undefined, 1_000_000) });
    await go("Receive");
    await page.getByRole("button", { name: "Copy address" }).waitFor();
    await go("Security");
    await page.getByText("so no level applies").waitFor();
  });
});

describe("every state of it", () => {
  const friends = { holder: "friends", names: ["Ann", "Ben", "Cem"], threshold: 2 } as const;
  const STATES: [string, Handlers][] = [
    ["level 0", {}],
    [
      "level 2",
      {
        "security.standing": () => aStanding(2, 60_000),
        "security.report": () => aReport({ methods: ["A", "P"] }, []),
      },
    ],
    [
      "no key in the network",
      {
        "security.standing": () => aStanding(undefined, 60_000),
        "security.report": () =>
          aReport({ mfa: { holder: "ledger" }, recovery: { ...friends, names: [...friends.names] } }),
      },
    ],
    [
      "every remark",
      {
        "security.report": () =>
          aReport({ emergencyAddress: "Emergency address 0xEeee", frozen: "locked" }, [
            "one-machine",
            "records-differ",
            "unknown-keys",
            "key-not-on-chain",
            "pending-device-key",
            "frozen",
            "script-keys",
            "plain-script-keys",
            "safe-owners",
          ]),
      },
    ],
  ];
  const LOOKS: PageOptions[] = [
    { theme: "light", size: { width: 1280, height: 800 } },
    { theme: "dark", size: { width: 900, height: 600 } },
  ];

  it.each(STATES)("%s: is accessible, keeps to its policy and fits both sizes", async (_name, changes) => {
    for (const look of LOOKS) {
      const { page, go, complaints } = await openApp(changes, look);
      await go("Security");
      await page
        .getByRole("button", { name: /step by step/ })
        .first()
        .click();
      await page.getByRole("button", { name: /: why/ }).first().click();
      await page.getByText("The chances of each thing").click();
      expect(await barriersOf(page)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(look.size?.width ?? 0);
      expect(complaints).toEqual([]);
    }
  });
});
