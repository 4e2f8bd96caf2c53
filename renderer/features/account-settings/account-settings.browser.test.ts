import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { type AccountSettings, zAccountSettings } from "#core/wallet-api/account-settings.ts";
import { zChangeReview } from "#core/wallet-api/changes.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { anOperation, recipient, tusd } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();
const DAY = 86_400;

/** An account of which nothing was set, with two recovery keys. */
const settings = (changes: Partial<AccountSettings> = {}): AccountSettings =>
  zAccountSettings.parse({
    delays: { recovery: 7 * DAY, removal: 3 * DAY, singleKey: 7 * DAY, override: 0 },
    rules: { singleKeyRoles: [], pendingKeysMayCall: false, tripwireCount: 3, tripwireWindow: DAY },
    thresholds: { mfa: { needed: 1, keys: 1 }, recovery: { needed: 1, keys: 2 } },
    allowlist: [],
    keys: [
      {
        id: `0x${"d1".repeat(32)}`,
        role: "device",
        name: "This computer",
        own: true,
        active: true,
        expires: 0,
        closedHours: 0,
        limits: [],
        scopes: [],
      },
    ],
    ...changes,
  });

/** The page of an account that stands so; `asked` tells what was wished and what was started. */
async function openSettings(view: AccountSettings, more: Handlers = {}, options: PageOptions = {}) {
  const asked: unknown[] = [];
  const handlers: Handlers = {
    ...ofOpenAccount,
    "account.balances": () => [{ token: tusd, amount: 1_250_500_000n }],
    "accountSettings.view": () => view,
    "changes.review": (wish) => {
      asked.push(wish);
      return zChangeReview.parse({
        change: zChange.parse({ ...(wish as object), account: recipient, nonce: 0n }),
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
        deploysFirst: false,
      });
    },
    "changes.start": (input) => {
      asked.push(input);
      return anOperation();
    },
    ...more,
  };
  const opened = await openPage(pages.browser, pages.urls.app, { handlers, ...options });
  const { page } = opened;
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("link", { name: /^Account settings/ }).click();
  await page.getByRole("heading", { level: 1, name: "Account settings" }).waitFor();
  return { ...opened, asked };
}

describe("the account's settings", () => {
  it("change how many keys of a role sign, once that was reviewed with all that a signature needs", async () => {
    const { page, asked, complaints } = await openSettings(settings());
    const card = page.getByRole("region", { name: "How many sign" });
    const review = card.getByRole("button", { name: "Review" });
    expect(await review.isDisabled()).toBe(true);
    expect(await card.getByLabel("Keys that sign as MFA key").count()).toBe(0);
    await card.getByLabel("Keys that sign as Recovery key").selectOption({ label: "2 of 2" });
    expect(await barriersOf(page)).toEqual([]);
    await review.click();
    await page.getByRole("heading", { level: 1, name: "Change how many sign as Recovery key" }).waitFor();
    for (const words of ["Who signs next", "If you sign", "If you do nothing", "What it cannot do"]) {
      await page.getByText(words, { exact: true }).waitFor();
    }
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    const wish = { kind: "setThreshold", role: "recovery", threshold: 2 };
    expect(asked).toEqual([wish, { wish, signedBy: ["device", "mfa"] }]);
    expect(complaints).toEqual([]);
  });

  it("say nothing of how many sign where every role has one key", async () => {
    const { page } = await openSettings(
      settings({ thresholds: { mfa: { needed: 1, keys: 1 }, recovery: { needed: 1, keys: 1 } } }),
    );
    await page.getByRole("form", { name: "Rules" }).waitFor();
    expect(await page.getByRole("region", { name: "How many sign" }).count()).toBe(0);
  });

  it("warn before a key may act alone, not where one is taken that right, and leave the other rules as they are", async () => {
    const before = settings();
    const { page, asked } = await openSettings({
      ...before,
      rules: { ...before.rules, singleKeyRoles: ["mfa"] },
    });
    const rules = page.getByRole("form", { name: "Rules" });
    const review = rules.getByRole("button", { name: "Review the rules" });
    expect(await review.isDisabled()).toBe(true);
    const warning = rules.getByText("Whoever has such a key alone can take everything");
    await rules.getByRole("checkbox", { name: "MFA key" }).uncheck();
    expect(await warning.count()).toBe(0);
    await rules.getByRole("checkbox", { name: "Device key" }).check();
    await warning.waitFor();
    await rules.getByLabel("When keys are removed one after the other within a day").selectOption("Never");
    expect(await barriersOf(page)).toEqual([]);
    await review.click();
    await page.getByRole("heading", { level: 1, name: "Change the account's rules" }).waitFor();
    expect(asked).toEqual([
      {
        kind: "setRules",
        singleKeyRoles: 2,
        pendingKeysMayCall: false,
        tripwireCount: 255,
        tripwireWindow: DAY,
      },
    ]);
    await page.getByRole("button", { name: "Back" }).click();
    await rules.waitFor();
  });

  it("take delays within the contract's bounds only", async () => {
    const { page, asked } = await openSettings(settings());
    const delays = page.getByRole("form", { name: "Delays" });
    const review = delays.getByRole("button", { name: "Review the delays" });
    const single = delays.getByLabel("What one key alone withdraws, in days");
    for (const [typed, problem] of [
      ["2", "Between 3 and 60 days."],
      ["7.5", "Type whole days."],
      ["", "Type whole days."],
    ] as const) {
      await single.fill(typed);
      await delays.getByText(problem).waitFor();
      expect(await review.isDisabled()).toBe(true);
    }
    await single.fill("14");
    await review.click();
    await page.getByRole("heading", { level: 1, name: "Change the account's delays" }).waitFor();
    expect(asked).toEqual([
      {
        kind: "setDelays",
        recoveryDelay: 7 * DAY,
        removalDelay: 3 * DAY,
        singleKeyDelay: 14 * DAY,
        overrideDelay: 0,
      },
    ]);
  });

  it("say why they cannot be read, and try again", async () => {
    let broken = true;
    const { page } = await openSettings(settings(), {
      "accountSettings.view": () => {
        if (broken) throw new WalletError("chain-unreachable", "The chain cannot be reached.", "Try later.");
        return settings();
      },
    });
    await page.getByText("The chain cannot be reached.").waitFor();
    broken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("form", { name: "Rules" }).waitFor();
  });
});
