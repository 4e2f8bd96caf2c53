import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { NATIVE_TOKEN } from "#core/primitives/address.ts";
import { type ChangeReview, zChangeReview } from "#core/wallet-api/changes.ts";
import { zTransactionHash } from "#core/primitives/hex.ts";
import { type FreezeView, zFreezeView } from "#core/wallet-api/freeze.ts";
import { type Scheduled, zScheduled } from "#core/wallet-api/schedule.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { anOperation, recipient, tusd } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const operation = `0x${"77".repeat(32)}`;

const view = (changes: Partial<FreezeView> = {}): FreezeView =>
  zFreezeView.parse({
    frozen: "no",
    locks: [
      { role: "device", holder: "this-computer" },
      { role: "mfa", holder: "network" },
      { role: "recovery", holder: "network" },
    ],
    ...changes,
  });
const LOCKED = view({ frozen: "locked", until: NOW + 7 * DAY });

const asleep: Scheduled = zScheduled.parse({
  id: operation,
  summary: { kind: "withdraw", token: tusd, to: recipient, amount: 5_000_000n },
  effect: "afterSingleKeyDelay",
  executableAt: NOW + DAY,
  executableUntil: NOW + 31 * DAY,
  stage: "asleep",
  proposers: [
    { id: `0x${"d1".repeat(32)}`, role: "device" },
    { id: `0x${"e2".repeat(32)}`, role: "recovery", friend: "Ben" },
    { id: `0x${"f3".repeat(32)}` },
  ],
});

/** A review as main gives it: who can sign, by the kind. */
function reviewOf(wish: unknown): ChangeReview {
  const change = zChange.parse({ ...(wish as object), account: recipient, nonce: 0n });
  const device = { role: "device", holder: "this-computer" };
  const mfa = { role: "mfa", holder: "network" };
  const recovery = { role: "recovery", holder: "network" };
  const now = { effect: "now", seconds: 0 };
  const ways: Record<string, unknown[]> = {
    lock: [device, mfa, recovery].map((signer) => ({ signers: [signer], ...now })),
    unfreeze: [
      { signers: [device, mfa], ...now },
      { signers: [device, recovery], ...now },
      { signers: [recovery], effect: "afterRecoveryDelay", seconds: 7 * DAY },
    ],
    setSuccessor: [{ signers: [device, mfa], ...now }],
    rearm: [{ signers: [device, mfa], ...now }],
  };
  return zChangeReview.parse({ change, ways: ways[change.kind], deploysFirst: false });
}

/** The app with an account that stands so; `asked` tells what it was told to start. */
async function openFreeze(
  first: FreezeView,
  { schedule = [], ...more }: Handlers & { schedule?: Scheduled[] } = {},
  options: PageOptions = {},
) {
  const asked: unknown[] = [];
  const handlers: Handlers = {
    ...ofOpenAccount,
    "freeze.view": () => first,
    "schedule.list": () => schedule,
    "changes.review": (wish) => reviewOf(wish),
    "changes.start": (input) => {
      asked.push(input);
      return anOperation({ summary: { kind: "change", change: reviewOf({ kind: "lock" }).change } });
    },
    ...more,
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, { handlers, ...options });
  const open = () => page.getByRole("link", { name: "Freeze" }).click();
  return { page, asked, complaints, open };
}

describe("the freeze screen", () => {
  it("locks with the key that is chosen, once it said what comes of it and what it cannot do", async () => {
    const { page, asked, complaints, open } = await openFreeze(view());
    await open();
    await page.getByText("Your account is open").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Lock the account" }).click();
    await page.getByRole("heading", { level: 1, name: "Lock the account" }).waitFor();
    for (const words of ["If you sign", "If you do nothing", "What it cannot do"]) {
      await page.getByText(words).waitFor();
    }
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("radio", { name: /^MFA key/ }).click();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([{ wish: { kind: "lock" }, signedBy: ["mfa"] }]);
    expect(complaints).toEqual([]);
  });

  it("does not offer a key that locked the account lately", async () => {
    const { page, open } = await openFreeze(
      view({
        locks: [
          { role: "device", holder: "this-computer", from: NOW + 20 * DAY },
          { role: "mfa", holder: "network" },
          { role: "recovery", holder: "network" },
        ],
      }),
    );
    await open();
    await page.getByRole("button", { name: "Lock the account" }).click();
    const device = page.getByRole("radio", { name: /^Device key/ });
    await device.waitFor();
    expect(await device.isDisabled()).toBe(true);
    await page.getByText("Locked lately: again from").waitFor();
    expect(await page.getByRole("radio", { name: /^MFA key/ }).isChecked()).toBe(true);
  });

  it("says on every screen that the account is locked, counts down, and leads to where it is ended", async () => {
    const { page, asked } = await openFreeze(LOCKED);
    await page.getByText("Your account is locked").waitFor();
    expect(await page.getByRole("timer").innerText()).toMatch(/^6 days 23:\d\d:\d\d$/);
    await page.getByRole("link", { name: "Keys", exact: true }).click();
    await page.getByText("Your account is locked").waitFor();
    await page.getByRole("button", { name: "Unfreeze it" }).click();
    expect(await page.getByRole("button", { name: "Lock the account" }).count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Unfreeze the account" }).click();
    const later = page.getByRole("radio", { name: /^Recovery key/ });
    await later.getByText("After 7 days, unless it is cancelled").waitFor();
    await later.click();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([{ wish: { kind: "unfreeze" }, signedBy: ["recovery"] }]);
  });

  it("lets nobody be named while the account is frozen", async () => {
    const { page, open } = await openFreeze(view({ frozen: "archived", successor: recipient }));
    await open();
    await page.getByText("It can be changed once the account is unfrozen.").waitFor();
    expect(await page.getByRole("button", { name: "Name another" }).count()).toBe(0);
  });

  it("names a successor by an address that it shows in full, and names nobody again", async () => {
    const { page, asked, open } = await openFreeze(view({ successor: recipient }));
    await open();
    await page.getByRole("button", { name: "Name another" }).click();
    await page.getByLabel("Address of the successor").fill("0x12");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("button", { name: "Review" }).isDisabled()).toBe(true);
    await page.getByLabel("Address of the successor").fill(recipient);
    await page.getByText("The checksum is right").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("heading", { level: 1, name: "Name a successor" }).waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Name nobody" }).click();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([
      { wish: { kind: "setSuccessor", successor: NATIVE_TOKEN }, signedBy: ["device", "mfa"] },
    ]);
  });

  it("offers what slept to be armed again, or cancelled, one by one", async () => {
    const { page, asked, open } = await openFreeze(view(), { schedule: [asleep] });
    await open();
    const list = page.getByRole("region", { name: "What is scheduled" });
    await list.getByText("Withdraw 5 TUSD").waitFor();
    await list
      .getByText(
        "Asked for by the Device key (0xd1d1d1d1…), the Recovery key of Ben and the key (0xf3f3f3f3…).",
      )
      .waitFor();
    await list.getByRole("button", { name: "Cancel it" }).waitFor();
    await list.getByRole("button", { name: "Arm again" }).click();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([{ wish: { kind: "rearm", operation }, signedBy: ["device", "mfa"] }]);
  });

  it("has what is due run, without anybody's signature", async () => {
    let schedule: Scheduled[] = [{ ...asleep, stage: "due" }];
    const ran: unknown[] = [];
    const { page, open } = await openFreeze(view(), {
      "schedule.list": () => schedule,
      "schedule.run": (input) => {
        ran.push(input);
        schedule = [];
        return { transactionHash: zTransactionHash.parse(`0x${"ab".repeat(32)}`) };
      },
    });
    await open();
    const list = page.getByRole("region", { name: "What is scheduled" });
    await list.getByRole("button", { name: "Run it now" }).click();
    await list.waitFor({ state: "detached" });
    expect(ran).toEqual([{ id: operation }]);
  });

  it("says why where a change cannot be, and leads back", async () => {
    const { page, open } = await openFreeze(view(), {
      "changes.review": () => {
        throw new WalletError("no-authority", "The keys cannot bring this about.", "See the keys screen.");
      },
    });
    await open();
    await page.getByRole("button", { name: "Archive the account" }).click();
    await page.getByText("The keys cannot bring this about.").waitFor();
    expect(await page.getByRole("button", { name: "Go on to sign" }).count()).toBe(0);
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByText("Your account is open").waitFor();
  });
});
