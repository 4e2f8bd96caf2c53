import { describe, expect, it } from "vitest";
import { keyId } from "#core/keys/key.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import { type KeySettings, zAccountSettings } from "#core/wallet-api/account-settings.ts";
import { zAllowanceReview } from "#core/wallet-api/allowances.ts";
import { type ApiKey, keyOfApiKey } from "#core/wallet-api/api-keys.ts";
import { zChangeReview } from "#core/wallet-api/changes.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { anOperation, recipient, tusd } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();
const DAY = 86_400;
const EXCHANGE = toAddress(`0x${"ec".repeat(20)}`);
const VERIFIER = toAddress(`0x${"7e".repeat(20)}`);
const ETHER = { address: NATIVE_TOKEN, symbol: "ETH", name: "Ether", decimals: 18 };

const key = (name: string, byte: string, verifier?: typeof VERIFIER): ApiKey => {
  const address = toAddress(`0x${byte.repeat(20)}`);
  return { id: keyId(keyOfApiKey({ address, verifier })), name, address, verifier, createdAt: 0 };
};
const trader = key("Trader", "5c", VERIFIER);
const old = key("Old bot", "5d");

/** What the account says of a key. */
const onAccount = ({ id, name, verifier }: ApiKey, changes: Partial<KeySettings> = {}): KeySettings => ({
  id,
  role: "device",
  name,
  own: false,
  script: verifier ? "limited" : "plain",
  active: true,
  expires: 0,
  closedHours: 0,
  limits: [],
  scopes: [{ target: EXCHANGE, selector: "0xd96a094a" }],
  ...changes,
});

const SIGNERS = [
  {
    signers: [
      { role: "device", holder: "this-computer" },
      { role: "mfa", holder: "network" },
    ],
    effect: "now",
    seconds: 0,
  },
];

/** The page of an account with these keys; `asked` tells what was wished and what was started. */
async function openKeys(
  keys: readonly ApiKey[],
  onChain: readonly KeySettings[],
  more: Handlers = {},
  options: PageOptions = {},
) {
  const asked: unknown[] = [];
  const handlers: Handlers = {
    ...ofOpenAccount,
    "account.balances": () => [
      { token: ETHER, amount: 10n ** 18n },
      { token: tusd, amount: 1_250_500_000n },
    ],
    "apiKeys.list": () => ({ keys: [...keys], possible: true }),
    "accountSettings.view": () =>
      zAccountSettings.parse({
        delays: { recovery: 7 * DAY, removal: 3 * DAY, singleKey: 7 * DAY, override: 0 },
        rules: { singleKeyRoles: [], pendingKeysMayCall: false, tripwireCount: 3, tripwireWindow: DAY },
        thresholds: { mfa: { needed: 1, keys: 1 }, recovery: { needed: 1, keys: 1 } },
        allowlist: [],
        keys: onChain,
      }),
    "allowances.of": () => [{ token: tusd, amount: 10_000_000n }],
    "allowances.review": (wish) => {
      asked.push(wish);
      return zAllowanceReview.parse({
        ...(wish as object),
        token: tusd,
        before: 10_000_000n,
        ways: SIGNERS,
        deploysFirst: false,
      });
    },
    "allowances.start": (input) => {
      asked.push(input);
      return anOperation();
    },
    "changes.review": (wish) =>
      zChangeReview.parse({
        change: zChange.parse({ ...(wish as object), account: recipient, nonce: 0n }),
        ways: SIGNERS,
        deploysFirst: false,
        scriptVerifier: VERIFIER,
      }),
    ...more,
  };
  const opened = await openPage(pages.browser, pages.urls.app, { handlers, ...options });
  const { page } = opened;
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("link", { name: /^Keys for scripts/ }).click();
  await page.getByRole("heading", { level: 1, name: "Keys for scripts" }).waitFor();
  return { ...opened, asked };
}

describe("a key for a script", () => {
  it("is said to do nothing but its calls, when it is added and once it is there", async () => {
    const { page, complaints } = await openKeys([trader], []);
    const item = page.getByRole("region", { name: "Trader", exact: true });
    await item.getByText("Whoever takes its file can do nothing with it.").waitFor();
    await item.getByRole("button", { name: "Add it to the account" }).click();
    await page.getByRole("heading", { level: 1, name: "Add a script's key" }).waitFor();
    await page.getByText("may do nothing yet: you allow it single calls").waitFor();
    await page.getByText("The key can never withdraw, lock, cancel").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("lets its contract take tokens only as far as the owner allows it, and takes that back", async () => {
    const { page, asked, complaints } = await openKeys([trader], [onAccount(trader)]);
    const item = page.getByRole("region", { name: "Trader", exact: true });
    await item.getByText("What its contracts may take").click();
    await item.getByText("Up to 10 TUSD").waitFor();
    await item.getByLabel("Up to").fill("0.0000001");
    const review = item.getByRole("button", { name: "Review what it may take" });
    expect(await review.isDisabled()).toBe(true);
    await item.getByLabel("Up to").fill("25.5");
    expect(await barriersOf(page)).toEqual([]);
    await review.click();
    await page.getByRole("heading", { level: 1, name: "Let a contract take up to 25.5 TUSD" }).waitFor();
    await page.getByText("It may take up to 10 TUSD already").waitFor();
    for (const words of ["Who signs next", "If you sign", "If you do nothing", "What it cannot do"]) {
      await page.getByText(words, { exact: true }).waitFor();
    }
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Back" }).click();
    await item.getByText("What its contracts may take").click();
    await item.getByRole("button", { name: "Take back the TUSD" }).click();
    await page.getByText("can take nothing of this token any more").waitFor();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    const wish = { token: tusd.address, spender: EXCHANGE };
    expect(asked).toEqual([
      { ...wish, amount: 25_500_000n },
      { ...wish, amount: 0n },
      { ...wish, amount: 0n, signedBy: ["device", "mfa"] },
    ]);
    expect(complaints).toEqual([]);
  });

  it("has the allowances shown beside a token that does not answer", async () => {
    const mute = { ...tusd, address: toAddress(`0x${"33".repeat(20)}`), symbol: "MUTE" };
    const { page, complaints } = await openKeys([trader], [onAccount(trader)], {
      "allowances.of": () => [{ token: mute }, { token: tusd, amount: 10_000_000n }],
    });
    await page.getByText("What its contracts may take").click();
    await page.getByText("MUTE: its contract does not say how much").waitFor();
    await page.getByText("Up to 10 TUSD").waitFor();
    expect(complaints).toEqual([]);
  });

  it("that an earlier version made is shown with all that it can do besides", async () => {
    for (const theme of ["light", "dark"] as const) {
      const { page, complaints } = await openKeys([old], [onAccount(old)], {}, { theme });
      const item = page.getByRole("region", { name: "Old bot", exact: true });
      await item.getByText("This is a plain device key").waitFor();
      await item.getByText("Together with your MFA key it can do everything.").waitFor();
      expect(await item.getByText("What its contracts may take").count()).toBe(0);
      expect(await barriersOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  it("is not made where no contract keeps it to its calls", async () => {
    const { page, complaints } = await openKeys([], [], {
      "apiKeys.list": () => ({ keys: [], possible: false }),
    });
    await page.getByText("No key for a script can be made on this network").waitFor();
    expect(await page.getByRole("form", { name: "Make a key" }).count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
