import { describe, expect, it } from "vitest";
import {
  type FactorChangeView,
  type FactorsState,
  zFactorChangeView,
  zFactorsState,
} from "#core/wallet-api/factors.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const BOTH = ["mfa", "recovery"] as const;
const email = {
  type: "email",
  id: "email-1",
  name: "ada@example.org",
  atAuthenticator: true,
  inRecordOf: BOTH,
};
const app = { type: "totp", id: "totp-1", name: "", atAuthenticator: true, inRecordOf: BOTH };
const phone = {
  type: "sms",
  id: "phone-1",
  name: "number ending in 001",
  atAuthenticator: true,
  inRecordOf: [],
};

const state = (changes: object = {}): FactorsState =>
  zFactorsState.parse({ roles: BOTH, factors: [email, app], differences: [], unreadable: [], ...changes });

const stolen = () =>
  state({
    factors: [email, app, phone],
    differences: [{ factor: phone, kind: "not-registered" }],
  });

const before = { level: 1, theft: ["email code and passkey"], loss: ["email code"], failure: 0.001 };
const after = { level: 0, theft: ["email code"], loss: ["email code"], failure: 0.01 };

const change = (changes: object = {}): FactorChangeView =>
  zFactorChangeView.parse({
    id: "2f9c8b1e-8f8a-4f0b-9a6b-0d7b8f1c2d3e",
    createdAt: 1_795_269_780_000,
    kind: "add",
    type: "totp",
    steps: [
      { id: "prove", status: "done" },
      { id: "set-up", status: "needs-you" },
      { id: "keep-codes", status: "waiting" },
      { id: "mfa", status: "waiting" },
      { id: "recovery", status: "waiting" },
    ],
    status: "waiting",
    drop: "nothing-done",
    needs: { kind: "set-up" },
    ...changes,
  });

const openApp = (handlers: Handlers = {}, options: PageOptions = {}) =>
  openPage(pages.browser, pages.urls.app, {
    handlers: {
      ...ofOpenAccount,
      "factors.state": () => state(),
      ...handlers,
    },
    ...options,
  });

async function openFactors(handlers: Handlers = {}, options: PageOptions = {}) {
  const opened = await openApp(handlers, options);
  await opened.page.getByRole("navigation").getByRole("link", { name: "Security" }).click();
  await opened.page.getByRole("link", { name: "How you prove who you are" }).click();
  await opened.page.getByRole("list", { name: "Your factors" }).waitFor();
  return opened;
}

describe("the person's factors", () => {
  it.each(["light", "dark"] as const)(
    "are listed with what can be done, in %s, for everybody",
    async (theme) => {
      const { page, complaints } = await openFactors({}, { theme, size: { width: 900, height: 600 } });
      expect(await page.locator("[data-factor]").count()).toBe(2);
      expect(await page.getByRole("button", { name: "Remove the email address" }).count()).toBe(0);
      expect(await page.getByRole("button", { name: "Replace the authenticator app" }).count()).toBe(1);
      expect(await barriersOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it("that do not agree are named at once when the wallet is open, and nothing is settled by itself", async () => {
    const asked: unknown[] = [];
    const { page } = await openApp({
      "factors.state": stolen,
      "factors.review": (input) => {
        asked.push(input);
        return { before, after: before };
      },
    });
    const dialog = page.getByRole("dialog", { name: "Your factors do not agree" });
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain("somebody else got into your session");
    await dialog.getByRole("button", { name: "Decide later" }).click();
    expect(asked).toEqual([]);
    await page.getByRole("navigation").getByRole("link", { name: "Security" }).click();
    await page.getByRole("link", { name: "How you prove who you are" }).click();
    await page.getByRole("button", { name: "Remove it at the authenticator" }).click();
    await page.getByRole("heading", { level: 1, name: "Remove the phone number" }).waitFor();
    expect(asked).toEqual([{ kind: "remove", type: "sms", old: { type: "sms", id: "phone-1" } }]);
  });

  it("whose removal is refused cannot be begun, and the screen says why", async () => {
    const { page } = await openFactors({
      "factors.review": () => ({
        before,
        after,
        refusal: {
          code: "would-lock-out",
          message: "Nobody could use this account.",
          whatToDo: "Add one first.",
        },
      }),
    });
    await page.getByRole("button", { name: "Remove the authenticator app" }).click();
    await page.getByText("Nobody could use this account.").waitFor();
    expect(await page.getByRole("main").innerText()).toContain("that is worse");
    expect(await page.getByRole("button", { name: "Begin" }).count()).toBe(0);
  });

  it.each(["light", "dark"] as const)(
    "whose removal falls below what the value asks for can be removed by who said that they know, in %s",
    async (theme) => {
      const started: unknown[] = [];
      const { page } = await openFactors(
        {
          "factors.review": () => ({
            before,
            after,
            shortfall: { cents: 1_500_000n, level: 0, dollars: 10_000, enforced: 1 },
          }),
          "factors.start": (input) => {
            started.push(input);
            return change({ kind: "remove" });
          },
        },
        { theme },
      );
      await page.getByRole("button", { name: "Remove the authenticator app" }).click();
      await page.getByText("Your account would fall below security level 1").waitFor();
      const text = await page.getByRole("main").innerText();
      expect(text).toContain("worth about $15,000.00, and from $10,000 on");
      expect(text).toContain("Receive closes until the level is raised again. Nothing else is held back.");
      expect(await barriersOf(page)).toEqual([]);
      const begin = page.getByRole("button", { name: "Begin" });
      expect(await begin.isDisabled()).toBe(true);
      await page.getByRole("checkbox", { name: "I know, and want it all the same" }).check();
      await begin.click();
      await page.getByRole("list", { name: "Steps of this change" }).waitFor();
      expect(started).toHaveLength(1);
    },
  );

  it("show an app's secret and recovery codes once, and go on when the codes are kept", async () => {
    const kept: unknown[] = [];
    const codes = ["aaaa-bbbb-cccc", "dddd-eeee-ffff"];
    const { page } = await openFactors({
      "factors.state": () => state({ factors: [email] }),
      "factors.review": () => ({ before: after, after: before }),
      "factors.start": () => change(),
      "factors.beginApp": () => ({
        secret: "ABCDEFGHIJKLMNOP",
        uri: "otpauth://totp/Trivet:ada?secret=ABCDEFGHIJKLMNOP",
      }),
      "factors.verifyCode": () => ({
        change: change({ needs: { kind: "recovery-codes" } }),
        recoveryCodes: codes,
      }),
      "factors.keptCodes": (input) => {
        kept.push(input);
        return change({ status: "done", needs: undefined, drop: undefined });
      },
    });
    await page.getByRole("button", { name: "Add an authenticator app" }).click();
    await page.getByRole("button", { name: "Begin" }).press("Enter");
    await page.getByText("ABCD EFGH IJKL MNOP").waitFor();
    await page.getByRole("textbox", { name: "Six-digit code of the app" }).fill("123456");
    const list = page.getByRole("list", { name: "Recovery codes" });
    await list.waitFor();
    expect(await list.getByRole("listitem").allInnerTexts()).toEqual(codes);
    expect(await page.getByText("ABCD EFGH").count()).toBe(0);
    const goOn = page.getByRole("button", { name: "Go on" });
    expect(await goOn.isDisabled()).toBe(true);
    await page.getByRole("checkbox").check();
    await goOn.click();
    await page.getByRole("heading", { name: "The authenticator app counts from now on" }).waitFor();
    expect(await page.getByText("aaaa-bbbb-cccc").count()).toBe(0);
    expect(kept).toHaveLength(1);
  });
});
