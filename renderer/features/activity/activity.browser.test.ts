import { describe, expect, it } from "vitest";
import { z } from "zod";
import { activityCsv } from "#core/activity/export.ts";
import { matches } from "#core/activity/filter.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import {
  ACTIVITY_KINDS,
  type ActivityItem,
  type Coming,
  zActivityFilter,
  zActivityItem,
  zComing,
} from "#core/wallet-api/activity.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { recipient, tusd } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const operation = `0x${"77".repeat(32)}`;
const ether = { address: NATIVE_TOKEN, symbol: "ETH", name: "Ether", decimals: 18 };

const item = (changes: Record<string, unknown>): ActivityItem =>
  zActivityItem.parse({
    id: "7-1",
    kind: "money-out",
    sentence: "Withdrew 5 TUSD to Ben.",
    time: NOW - DAY,
    block: 7,
    transaction: `0x${"ab".repeat(32)}`,
    token: tusd,
    amount: 5_000_000n,
    counterparty: recipient,
    name: "Ben",
    signedBy: ["device", "mfa"],
    details: [{ label: "nonce", value: "3" }],
    ...changes,
  });
const RECEIVED = item({
  id: "6-0",
  kind: "money-in",
  sentence: "Received 10 ETH.",
  time: NOW - 40 * DAY,
  token: ether,
  amount: 10n ** 19n,
  transaction: undefined,
  counterparty: undefined,
  name: undefined,
  signedBy: undefined,
});
const SCHEDULED = item({
  id: "9-0",
  kind: "schedule",
  sentence: "Scheduled: remove the Device key 0xd1d1d1…d1d1d1.",
  token: undefined,
  amount: undefined,
  operation,
  outcome: "cancelled",
  executableAt: NOW,
  signedBy: ["device"],
});

const coming = (changes: Record<string, unknown>): Coming =>
  zComing.parse({
    id: operation,
    sentence: "Unfreeze the account.",
    at: NOW - 60,
    what: "operation",
    stage: "due",
    operation,
    ...changes,
  });

/** The app with an account of which this is to be told. */
async function openActivity(
  items: readonly ActivityItem[],
  toCome: readonly Coming[] = [],
  more: Handlers = {},
) {
  const asked: unknown[] = [];
  const handlers: Handlers = {
    ...ofOpenAccount,
    "account.activity": () => items.slice(0, 30),
    "activity.list": (input) => {
      const { known } = z.object({ known: z.string().optional() }).parse(input);
      return {
        version: "1",
        ...(known === "1" ? {} : { items: [...items] }),
        coming: [...toCome],
        complete: true,
      };
    },
    "activity.export": (input) => {
      asked.push(input);
      const { filter } = z.object({ filter: zActivityFilter }).parse(input);
      const found = items.filter((one) => matches(one, filter));
      expect(activityCsv(found).split("\r\n")).toHaveLength(found.length + 2);
      return { savedAs: "activity.csv", items: found.length };
    },
    "schedule.run": (input) => {
      asked.push(input);
      return { transactionHash: item({}).transaction ?? never() };
    },
    ...more,
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, { handlers });
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Activity" }).click();
  await page.getByRole("heading", { level: 1, name: "Activity" }).waitFor();
  const list = page.getByRole("list", { name: "Activity" });
  return { page, complaints, asked, list };
}

function never(): never {
  throw new Error("the sample has a transaction");
}

describe("the activity screen", () => {
  it("lists what happened, shows what is asked for, and keeps that as a file", async () => {
    const { page, complaints, asked, list } = await openActivity([SCHEDULED, item({}), RECEIVED]);
    await list.getByText("Withdrew 5 TUSD to Ben.").waitFor();
    await list.getByText("Cancelled: it never runs").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByLabel("Kind").selectOption("Money out");
    expect(await list.getByRole("listitem").count()).toBe(1);
    await page.getByLabel("Kind").selectOption("Everything");
    await page.getByLabel("Token").selectOption("ETH");
    await list.getByText("Received 10 ETH.").waitFor();
    expect(await list.getByRole("listitem").count()).toBe(1);
    const yesterday = new Date((NOW - 2 * DAY) * 1000).toISOString().slice(0, 10);
    await page.getByLabel("From").fill(yesterday);
    await page.getByText("Nothing of this kind happened.").waitFor();
    await page.getByLabel("Token").selectOption("All tokens");
    await page.getByText("2 of 3.").waitFor();
    await page.getByRole("button", { name: "Save as CSV" }).click();
    await page.getByText("Saved 2 of them as activity.csv.").waitFor();
    expect(asked).toMatchObject([{ format: "csv", filter: {} }]);
    expect(complaints).toEqual([]);
  });

  it("shows all that is known of one of them", async () => {
    const { page, list } = await openActivity([item({}), RECEIVED]);
    await list.getByText("Withdrew 5 TUSD to Ben.").click();
    await page.getByRole("heading", { level: 1, name: "What happened" }).waitFor();
    await page.getByText("Device key and MFA key").waitFor();
    await page.getByRole("button", { name: "Copy transaction hash" }).waitFor();
    await page.getByText("All that the chain says").click();
    await page.getByText("nonce").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("link", { name: "Back to Activity" }).click();
    await list.waitFor();
  });

  it("has what is due run, says what comes of it, and leads to where it can be cancelled", async () => {
    const { page, asked } = await openActivity(
      [],
      [
        coming({}),
        coming({ id: "2", sentence: "Remove a key.", stage: "waiting", at: NOW + 2 * DAY }),
        coming({
          id: "3",
          sentence: "The lock lapses by itself.",
          what: "lock-lapses",
          stage: undefined,
          operation: undefined,
          at: NOW + DAY,
        }),
      ],
    );
    const region = page.getByRole("region", { name: "What is to come" });
    expect(await region.getByRole("button", { name: "Run it now" }).count()).toBe(1);
    expect(await region.getByRole("timer").count()).toBe(2);
    await region.getByText("anybody else can still run it").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await region.getByRole("button", { name: "Run it now" }).click();
    await page.getByText("It ran. The chain has it.").waitFor();
    expect(asked).toEqual([{ id: operation }]);
  });

  it("says why something did not run", async () => {
    const { page } = await openActivity([], [coming({})], {
      "schedule.run": () => {
        throw new WalletError("not-due", "This operation still waits.", "There is nothing to run.");
      },
    });
    await page.getByRole("button", { name: "Run it now" }).click();
    await page.getByText("This operation still waits.").waitFor();
  });

  it("puts a hundred of a thousand on the screen, and the older ones when they are asked for", async () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      item({
        id: `${index}-0`,
        kind: ACTIVITY_KINDS[index % ACTIVITY_KINDS.length],
        time: NOW - index * 3600,
      }),
    );
    const { page, list } = await openActivity(many);
    await page.getByText("1000 of 1000.").waitFor();
    expect(await list.getByRole("listitem").count()).toBe(100);
    await page.getByRole("button", { name: "Show older ones" }).click();
    expect(await list.getByRole("listitem").count()).toBe(200);
    await page.getByLabel("Kind").selectOption("Freeze");
    await page.getByText("125 of 1000.").waitFor();
    expect(await list.getByRole("listitem").count()).toBe(100);
  });
});
