import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { aConfirmView, recipient } from "../testing/samples.ts";
import { barriersOf, usePages } from "../testing/use-pages.ts";

const pages = usePages();

async function openConfirm(
  view: unknown,
): Promise<{ page: Page; decisions: unknown[]; complaints: string[] }> {
  const context = await pages.browser.newContext({ viewport: { width: 560, height: 760 } });
  const page = await context.newPage();
  const decisions: unknown[] = [];
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.exposeFunction("recordDecision", (...decision: unknown[]) => void decisions.push(decision));
  await page.addInitScript((shown) => {
    const { recordDecision } = window as unknown as { recordDecision: (...args: unknown[]) => Promise<void> };
    Object.assign(window, { trivetConfirm: { view: () => Promise.resolve(shown), decide: recordDecision } });
  }, view);
  await page.goto(pages.urls.confirm);
  return { page, decisions, complaints };
}

describe("the confirm window", () => {
  it("shows every field in full, both digests, what the Ledger shows and what follows", async () => {
    const view = aConfirmView();
    const { page, complaints } = await openConfirm(view);
    await page.getByRole("heading", { level: 1, name: view.title }).waitFor();
    const text = (await page.getByRole("main").innerText()).replace(/\s/g, "");
    for (const shown of [
      "25 TUSD",
      recipient,
      view.digest,
      view.ledgerDigest ?? "",
      ...(view.ledgerFields ?? []).flatMap(({ label, value }) => [label, value]),
      view.then,
      view.otherwise,
      view.cannot,
    ]) {
      expect(text).toContain(shown.replace(/\s/g, ""));
    }
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("says whose key signs where this person signs as a friend, with a key that is not the device key", async () => {
    const { page } = await openConfirm({
      ...aConfirmView(),
      signers: [{ role: "recovery", holder: "this-computer", of: "Ana" }],
    });
    const signers = page.getByRole("list", { name: "Who signs, in this order" });
    await signers.getByText("Ana's Recovery key").waitFor();
    await signers.getByText("Held on this computer").waitFor();
    await page.getByText("Digest that this key signs").waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  it("approves by its button", async () => {
    const { page, decisions } = await openConfirm(aConfirmView());
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Approved.").waitFor();
    expect(decisions).toEqual([[aConfirmView().id, true]]);
  });

  it("rejects by its button, at once", async () => {
    const { page, decisions } = await openConfirm(aConfirmView());
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByText("Nothing was signed.").waitFor();
    expect(decisions).toEqual([[aConfirmView().id, false]]);
  });

  it("does not take a key that was meant for another window for an approval", async () => {
    const { page, decisions } = await openConfirm(aConfirmView());
    const approve = page.getByRole("button", { name: "Approve" });
    await approve.waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    // Once it can be pressed, still nothing has been decided: the focus is on the heading.
    await expect.poll(() => approve.isEnabled()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    expect(decisions).toEqual([]);
  });

  it("offers nothing to approve when it does not wholly understand what it is given", async () => {
    const { page, decisions } = await openConfirm({ ...aConfirmView(), cannot: undefined });
    await page.getByRole("heading", { name: "Nothing can be approved here" }).waitFor();
    expect(await page.getByRole("button").count()).toBe(0);
    expect(decisions).toEqual([]);
  });
});
