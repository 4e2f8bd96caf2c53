import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zOpenedRequest } from "#core/wallet-api/devices.ts";
import { type JoiningView, zJoiningView } from "#core/wallet-api/joining.ts";
import { zTransactionHash } from "#core/primitives/hex.ts";
import type { WalletState } from "#core/wallet-api/state.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { ledgerAddress, recipient } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();
const DAY = 86_400_000;
const id = `0x${"d2".repeat(32)}`;
const CODE = "03141 59265 35897 93238";

const outside: WalletState = { phase: "joining", email: "ada@example.org", address: recipient };

/** This computer's key is made, and nobody let it in. */
const view = (changes: Record<string, unknown> = {}): JoiningView =>
  zJoiningView.parse({
    account: recipient,
    preparing: false,
    device: { id, signer: ledgerAddress, code: CODE },
    request: { text: "trivet:join?v=1&name=Laptop", until: Date.now() + DAY },
    standing: { state: "absent", rejected: false },
    recovery: {
      delay: 7 * 86_400,
      frozen: "no",
      otherDevices: 1,
      keys: 1,
      needed: 1,
      network: "ready",
      known: [{ role: "recovery", holder: "network", detail: "4 nodes", signer: recipient }],
      hints: [],
    },
    ...changes,
  });

const handlers = (changes: Handlers = {}): Handlers => ({
  ...ofOpenAccount,
  "wallet.state": () => outside,
  "joining.view": () => view(),
  ...changes,
});

const openJoining = (changes: Handlers = {}) =>
  openPage(pages.browser, pages.urls.app, { handlers: handlers(changes) });

describe("a computer that is not in yet", () => {
  it("begins with the account, and says what is wrong with what was given", async () => {
    let state: WalletState = { phase: "welcome" };
    const given: unknown[] = [];
    const { page, emit } = await openJoining({
      "wallet.state": () => state,
      "joining.begin": async (input) => {
        given.push(input);
        if (given.length === 1) throw new WalletError("account-not-found", "There is none.", "Compare it.");
        state = { phase: "welcome", joining: { account: recipient } };
        await emit("state", state);
        return { account: recipient };
      },
    });
    await page.getByRole("button", { name: "I have an account" }).click();
    const field = page.getByLabel("Account address");
    await field.fill("0x1");
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("There is none.");
    await field.fill(recipient);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in as the account's owner" }).waitFor();
    expect(given).toEqual([{ text: "0x1" }, { text: recipient }]);
    expect(await barriersOf(page)).toEqual([]);
  });

  it("opens the exit kit's file, and none that is too large", async () => {
    const given: unknown[] = [];
    const { page } = await openJoining({
      "wallet.state": () => ({ phase: "welcome" }),
      "joining.begin": (input) => {
        given.push(input);
        throw new WalletError("kit-damaged", "This exit kit is damaged.", "Use another copy.");
      },
    });
    await page.getByRole("button", { name: "I have an account" }).click();
    const file = (text: string) => ({ name: "kit.html", mimeType: "text/html", buffer: Buffer.from(text) });
    const input = page.locator('input[type="file"]');
    await input.setInputFiles(file("<html></html>"));
    await page.getByText("This exit kit is damaged.").waitFor();
    await input.setInputFiles(file("x".repeat(4_000_001)));
    await page.getByText("This file is too large to be what is asked for.").waitFor();
    expect(given).toEqual([{ text: "<html></html>" }]);
  });

  it("shows request and code, and who can recover; no screen of an open account can be reached", async () => {
    const { page } = await openJoining();
    await page.getByRole("heading", { level: 1, name: "This computer is not in yet" }).waitFor();
    expect(await page.locator("[data-code]").innerText()).toBe(CODE);
    await page.getByRole("img", { name: "QR code of the joining request" }).waitFor();
    await page.getByText("The key network holds your recovery key").waitFor();
    expect(await page.getByRole("navigation").count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
  });

  it.each([
    [{ standing: { state: "absent", rejected: true } }, "This computer was rejected"],
    [{ standing: { state: "asleep" } }, "Your recovery sleeps"],
    [
      { standing: { state: "pending", until: Date.now() + DAY, vetoProof: false } },
      "Your recovery is under way",
    ],
  ])("says how it stands: %j", async (changes, title) => {
    const { page, emit } = await openJoining();
    await page.getByRole("heading", { level: 1, name: "This computer is not in yet" }).waitFor();
    await emit("joining", view(changes));
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });

  it("offers no recovery while the account is frozen, but to unfreeze it", async () => {
    const { recovery } = view();
    const { page } = await openJoining({
      "joining.view": () => view({ recovery: { ...recovery, frozen: "locked" } }),
    });
    await page.getByText("The account is locked").waitFor();
    expect(await page.getByRole("button", { name: "Start the recovery" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Unfreeze it with the recovery key" }).count()).toBe(1);
  });

  it("counts down until the account can be opened, has it opened at a press, and offers the recovery then", async () => {
    const { recovery } = view();
    const due = Math.floor(Date.now() / 1000) + 3 * 86_400;
    const unfreezing = (stage: string) => ({
      ...{ id: `0x${"77".repeat(32)}`, effect: "afterRecoveryDelay", stage },
      proposers: [{ id: `0x${"78".repeat(32)}`, role: "recovery" }],
      ...{ executableAt: due, executableUntil: due + 30 * 86_400 },
    });
    let now = view({
      recovery: { ...recovery, frozen: "archived", unfreezing: unfreezing("waiting") },
    });
    const ran: unknown[] = [];
    const { page, emit } = await openJoining({
      "joining.view": () => now,
      "schedule.run": (input) => {
        ran.push(input);
        if (ran.length === 1)
          throw new WalletError("chain-unreachable", "The chain cannot be reached.", "Later.");
        now = view();
        return { transactionHash: zTransactionHash.parse(`0x${"ab".repeat(32)}`) };
      },
    });
    await page.getByText("The account is archived, and is being opened").waitFor();
    expect(await page.getByRole("timer").innerText()).toMatch(/^(3 days 0|2 days 23):/);
    expect(
      await page.getByRole("button", { name: /Unfreeze|Open the account|Start the recovery/ }).count(),
    ).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
    now = view({ recovery: { ...recovery, frozen: "archived", unfreezing: unfreezing("due") } });
    await emit("joining", now);
    const open = page.getByRole("button", { name: "Open the account now" });
    await open.click();
    await page.getByText("The chain cannot be reached.").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await open.click();
    await page.getByRole("button", { name: "Start the recovery" }).waitFor();
    expect(ran).toEqual([{ id: `0x${"77".repeat(32)}` }, { id: `0x${"77".repeat(32)}` }]);
  });

  it("tries again what failed", async () => {
    let again = 0;
    const error = new WalletError(
      "chain-unreachable",
      "The chain cannot be reached.",
      "Continue later.",
    ).toJSON();
    const { page } = await openJoining({
      "joining.view": () => view({ error }),
      "joining.continue": () => {
        again += 1;
        return undefined;
      },
    });
    expect(await page.getByRole("alert").innerText()).toContain("The chain cannot be reached.");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => again).toBe(1);
  });
});

describe("the list of computers", () => {
  const own = {
    id: `0x${"d1".repeat(32)}`,
    own: true,
    state: "active",
    vetoProof: false,
    code: "27182 81828 45904 52353",
  };
  const pending = {
    id,
    own: false,
    state: "pending",
    until: Date.now() + DAY,
    vetoProof: false,
    code: CODE,
  };

  async function openDevices(devices: readonly object[], changes: Handlers = {}) {
    const opened = await openPage(pages.browser, pages.urls.app, {
      handlers: handlers({
        ...ofOpenAccount,
        "emergency.list": () => [],
        "freeze.view": () => ({ frozen: "no", locks: [] }),
        "schedule.list": () => [],
        // What is parsed by the client is written here as it is sent.
        "devices.list": () => ({ devices, accountLink: `trivet:account/${recipient}@31337` }) as never,
        ...changes,
      }),
    });
    await opened.page.getByRole("link", { name: "Keys", exact: true }).click();
    await opened.page.getByRole("link", { name: /^Computers/ }).click();
    await opened.page.getByRole("heading", { level: 1, name: "Computers" }).waitFor();
    return opened;
  }

  it("shows the code of a pending one, with the time that is left, and both answers", async () => {
    const { page } = await openDevices([own, pending]);
    const item = page.getByRole("region", { name: "A new computer" });
    expect(await item.innerText()).toContain(CODE);
    expect(await item.getByRole("timer").innerText()).toMatch(/^(1 day 0|23):/);
    expect(await item.getByRole("button").allInnerTexts()).toEqual(["Reject", "Activate"]);
    expect(await barriersOf(page)).toEqual([]);
  });

  it("says so where this computer's key is gone", async () => {
    const { page } = await openDevices([{ ...own, own: false }]);
    await page.getByText("This computer's key is not on the account any more").waitFor();
  });

  it("does not tell the code of a request: a person types it, and a wrong one goes no further", async () => {
    const typed: unknown[] = [];
    const request = zOpenedRequest.parse({
      name: "Laptop",
      signer: ledgerAddress,
      id,
      until: Date.now() + DAY,
    });
    const { page } = await openDevices([own], {
      "devices.openRequest": () => request,
      "devices.compare": (input) => {
        typed.push(input);
        throw new WalletError("code-differs", "That is not the code.", "Look again.");
      },
    });
    await page.getByRole("textbox", { name: "Joining request" }).fill("trivet:join?v=1");
    await page.getByRole("button", { name: "Open the request" }).click();
    await page.getByText("The request is from a computer that calls itself").waitFor();
    expect(await page.getByRole("main").innerText()).not.toContain(CODE);
    await page.getByLabel("Code on the new computer").fill("1234");
    await page.getByRole("button", { name: "Compare and review" }).click();
    await page.getByText("That is not the code.").waitFor();
    expect(typed).toEqual([{ id, code: "1234" }]);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Computers");
    expect(await barriersOf(page)).toEqual([]);
  });
});
