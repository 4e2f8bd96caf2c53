import { describe, expect, it } from "vitest";
import { zChange } from "#core/operations/change-wish.ts";
import { zChangeReview } from "#core/wallet-api/changes.ts";
import { type WatchApiView, zWatchView } from "#core/wallet-api/watch.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { anOperation, recipient } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const operation = `0x${"77".repeat(32)}`;
const waiting = {
  telling: "account:scheduled:1#waiting",
  title: "A key is to be removed",
  detail: "Anybody can have it run when its time has come. The MFA key can cancel it.",
  standing: true,
  until: Date.now() + 3 * 86_400_000,
  remedy: { kind: "cancel", operation },
  contradictedBy: ["two.example"],
};
const news = {
  telling: "account:changed:2#over",
  title: "The account's delays were changed",
  detail: "If that was not you, lock the account with any of your keys.",
  standing: false,
  contradictedBy: [],
};

const view = (changes: Record<string, unknown> = {}): WatchApiView =>
  zWatchView.parse({
    warnings: [waiting, news],
    sources: [
      { name: "one.example", status: "following", block: 7_000_000 },
      { name: "two.example", status: "failing", trouble: "It does not answer." },
    ],
    differences: [],
    upToDate: true,
    ...changes,
  });

async function openWatch(first: WatchApiView, options: PageOptions = {}) {
  const asked: unknown[] = [];
  const opened = await openPage(pages.browser, pages.urls.app, {
    ...options,
    handlers: {
      ...ofOpenAccount,
      "watch.view": () => first,
      "watch.see": (input) => {
        asked.push(input);
        return view({ warnings: [waiting] });
      },
      "changes.review": (wish) => {
        asked.push(wish);
        return zChangeReview.parse({
          change: zChange.parse({ ...(wish as object), account: recipient, nonce: 0n }),
          ways: [{ signers: [{ role: "mfa", holder: "network" }], effect: "now", seconds: 0 }],
          deploysFirst: false,
        });
      },
      "changes.start": (input) => {
        asked.push(input);
        return anOperation();
      },
    },
  });
  return { ...opened, asked };
}

describe("the banner", () => {
  it("shows on every screen what waits, how long, and leads to its cancellation", async () => {
    const { page, asked } = await openWatch(view());
    await page.getByText("A key is to be removed", { exact: true }).waitFor();
    expect(await page.getByRole("timer").first().innerText()).toMatch(/^2 days 23:59:/);
    await page.getByRole("link", { name: "Receive" }).click();
    await page.getByRole("button", { name: "Cancel it" }).click();
    await page.getByRole("heading", { level: 1, name: "Cancel a scheduled operation" }).waitFor();
    expect(asked).toEqual([{ kind: "cancel", operation }]);
  });

  it("comes when main tells of a warning, and goes with it", async () => {
    const { page, emit } = await openWatch(view({ warnings: [] }));
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
    expect(await page.getByRole("button", { name: "Cancel it" }).count()).toBe(0);
    await emit("watch", view());
    await page.getByRole("button", { name: "Cancel it" }).waitFor();
    await emit("watch", view({ warnings: [] }));
    await page.getByRole("button", { name: "Cancel it" }).waitFor({ state: "detached" });
  });
});

describe("the warnings", () => {
  it("are all there, with who tells of them; news can be put away, and what goes on cannot", async () => {
    const { page, asked, complaints } = await openWatch(view());
    await page.getByRole("button", { name: "All warnings (2)" }).click();
    const list = page.getByRole("list", { name: "Warnings" });
    expect(await list.getByRole("listitem").count()).toBe(2);
    expect(await list.innerText()).toContain("two.example should, and does not");
    expect(await page.getByRole("main").innerText()).toContain("It does not answer.");
    await list.getByRole("button", { name: "Put it away" }).click();
    await expect.poll(() => list.getByRole("listitem").count()).toBe(1);
    expect(await list.getByRole("button", { name: "Put it away" }).count()).toBe(0);
    expect(asked).toEqual([{ telling: news.telling }]);
    expect(complaints).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "name RPCs that differ, and nothing stops a reader (%s)",
    async (theme) => {
      const difference = {
        block: 5,
        about: "events",
        sayings: [
          { source: "one.example", says: "tells of all 2 events" },
          { source: "two.example", says: "leaves out 1 of 2 events" },
        ],
      };
      const { page } = await openWatch(view({ differences: [difference] }), { theme });
      await page.getByRole("button", { name: "All warnings (2)" }).click();
      const alert = page.getByRole("alert");
      expect(await alert.innerText()).toContain("two.example: leaves out 1 of 2 events");
      expect(await barriersOf(page)).toEqual([]);
    },
  );
});
