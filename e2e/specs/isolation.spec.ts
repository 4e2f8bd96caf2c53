import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { toAddress } from "#core/primitives/address.ts";
import type { WalletMethod } from "#core/wallet-api/methods.ts";
import "../pages/bridges.ts";
import { serveRenderer } from "../support/renderer-server.ts";
import { expect, test } from "../support/test.ts";
import type { Wallet } from "../support/wallet.ts";

const RECIPIENT = toAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

test.describe("the app's pages outside the app", () => {
  test("have no wallet in a tab of the same browser, nor in a frame there", async ({ funded }) => {
    const server = await serveRenderer();
    const tab = await funded.newTab();
    await tab.goto(server.url);
    const says = { name: "This page only works inside Trivet" };
    await expect(tab.getByRole("heading", says)).toBeVisible();
    expect(await tab.evaluate(() => [typeof window.trivet, typeof window.trivetConfirm])).toEqual([
      "undefined",
      "undefined",
    ]);

    await tab.goto(`${server.url}/framed`);
    await expect(tab.frameLocator("iframe").getByRole("heading", says)).toBeVisible();

    await tab.goto(`${server.url}/confirm/index.html`);
    await expect(tab.getByText("This window cannot show what would be signed")).toBeVisible();
    await expect(tab.getByRole("button", { name: "Approve" })).toBeHidden();
    await tab.close();
    await server.close();
  });

  test("cannot be framed, and a frame in the window has no wallet", async ({ funded }) => {
    const { page } = funded.page;
    const inFrame = await page.evaluate(async () => {
      const own = document.createElement("iframe");
      const blocked = new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), {
          once: true,
        });
      });
      own.src = location.href;
      const empty = document.createElement("iframe");
      document.body.append(own, empty);
      const directive = await blocked;
      const result = { directive, inEmpty: typeof empty.contentWindow?.trivet };
      own.remove();
      empty.remove();
      return result;
    });
    expect(inFrame).toEqual({ directive: "frame-src", inEmpty: "undefined" });
  });
});

test.describe("the page of the window", () => {
  test("sees two functions and nothing of Node, Electron or the preload", async ({ funded }) => {
    const seen = await funded.page.page.evaluate(() => {
      const names = [
        "require",
        "process",
        "module",
        "exports",
        "Buffer",
        "global",
        "electron",
        "ipcRenderer",
      ];
      const { trivet } = window;
      try {
        Object.assign(trivet ?? {}, { invoke: () => "forged" });
      } catch {
        // Frozen, as it should be.
      }
      return {
        globals: names.filter((name) => name in window),
        own: Object.getOwnPropertyNames(window).filter((name) => /trivet|electron|ipc|host/i.test(name)),
        methods: Object.keys(trivet ?? {}).sort(),
        isForged: trivet?.invoke.toString().includes("forged"),
      };
    });
    expect(seen).toEqual({ globals: [], own: ["trivet"], methods: ["invoke", "on"], isForged: false });
  });

  test("runs no code but its own and connects to nobody", async ({ funded }) => {
    const { page } = funded.page;
    const inserted = await violation(page, () => {
      const script = document.createElement("script");
      script.text = "window.injected = true";
      document.head.append(script);
    });
    expect(inserted).toBe("require-trusted-types-for");
    const evaluated = await violation(page, () => {
      Reflect.apply(setTimeout, window, ["window.injected = true"]);
    });
    expect(evaluated).toBe("require-trusted-types-for");
    const connected = await violation(page, () => {
      fetch("https://example.org/").catch(() => undefined);
    });
    expect(connected).toBe("connect-src");
    const loaded = await violation(page, () => {
      new Image().src = "https://example.org/a.png";
    });
    expect(loaded).toBe("img-src");
    expect(await page.evaluate(() => "injected" in window)).toBe(false);
  });

  test("leads nowhere and opens nothing", async ({ funded }) => {
    const { page } = funded;
    await page.page.evaluate(() => {
      window.open("https://example.org/");
      location.href = "https://example.org/";
    });
    await page.go("Receive");
    await expect(page.heading("Receive")).toBeVisible();
    await expect.poll(() => funded.windows.length).toBe(1);
    expect(await funded.host.state()).toMatchObject({ windows: [{ title: "Trivet" }], opened: [] });
  });
});

test.describe("a forged message", () => {
  const forged: readonly [what: string, method: string, input: unknown][] = [
    ["without its input", "withdraw.start", undefined],
    [
      "with an amount in words",
      "withdraw.start",
      { token: RECIPIENT, to: RECIPIENT, amount: "1", signedBy: ["device", "mfa"] },
    ],
    [
      "with an amount below zero",
      "withdraw.start",
      { token: RECIPIENT, to: RECIPIENT, amount: -1n, signedBy: ["device", "mfa"] },
    ],
    [
      "with a recipient that is none",
      "withdraw.start",
      { token: RECIPIENT, to: "0x1234", amount: 1n, signedBy: ["device", "mfa"] },
    ],
    ["for the device key's role", "keys.replaceWithLedger", { role: "device", signer: RECIPIENT }],
    ["with a digest instead of a signer", "keys.replaceWithLedger", { role: "mfa", digest: "0x00" }],
    ["with an id that is none", "operations.continue", { id: "../journal" }],
    ["with a code that is none", "wallet.verifyCode", { code: "12345x" }],
    ["with settings that never lock", "settings.set", { theme: "dark", lockAfterMinutes: 100_000 }],
    ["with too much", "app.copy", { text: "x".repeat(20_001) }],
    ["with an input where it takes none", "wallet.lock", { now: true }],
  ];

  for (const [what, method, input] of forged) {
    test(`${method} ${what} is refused`, async ({ funded }) => {
      expect(await invoke(funded, method, input)).toMatchObject({
        ok: false,
        error: { code: "malformed-request" },
      });
      await expect(funded.page.operation.banner).toBeHidden();
    });
  }

  test("for a method that the wallet API does not have reaches nobody", async ({ funded }) => {
    const names = [
      "wallet.sign",
      "signWithDevice",
      "vault:start",
      "__proto__",
      "constructor",
      "../confirm:decide",
    ];
    for (const name of names) {
      await expect(invoke(funded, name, {})).rejects.toThrow(/No handler registered/);
    }
  });

  test("for what is right in form only starts nothing", async ({ devnet, funded }) => {
    const { address: token } = devnet.token("TUSD");
    const wishes = [
      { token, to: RECIPIENT, amount: 0n },
      { token, to: RECIPIENT, amount: 2n ** 255n },
      { token, to: funded.account, amount: 1n },
      { token: RECIPIENT, to: RECIPIENT, amount: 1n, signedBy: ["device", "mfa"] },
    ];
    for (const wish of wishes) {
      expect(await invoke(funded, "withdraw.start", wish)).toMatchObject({ ok: false });
    }
    await expect(funded.page.operation.banner).toBeHidden();
  });

  test("cannot approve what the confirm window asks", async ({ devnet, funded }) => {
    const { page } = funded;
    const before = await devnet.executed(funded.account);
    await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
    const confirm = await funded.confirm();
    await confirm.expectShows("Withdraw 1 TUSD");
    const decision = { id: randomUUID(), approved: true };
    for (const method of ["confirm:decide", "confirm.decide", "decide"]) {
      await expect(invoke(funded, method, decision)).rejects.toThrow(/No handler registered/);
    }
    expect(await page.page.evaluate(() => typeof window.trivetConfirm)).toBe("undefined");
    expect(await confirm.page.evaluate(() => typeof window.trivet)).toBe("undefined");
    // Nor does a decision about anything but what is shown decide that.
    await confirm.page.evaluate((id) => window.trivetConfirm?.decide(id, true), decision.id);
    await page.operation.steps.expectStatus("confirm", "needs-you");
    await confirm.reject();
    await page.expectProblem("You rejected this. Nothing was signed.");
    await page.operation.drop();
    expect(await devnet.executed(funded.account)).toEqual(before);
  });
});

test("starting the app a second time brings the first to the front, and ends", async ({ funded }) => {
  const { page } = funded;
  await page.startWithdrawal({ symbol: "TUSD", to: RECIPIENT, amount: "1" });
  const confirm = await funded.confirm();
  await confirm.expectShows("Withdraw 1 TUSD");
  const isInFront = async () =>
    (await funded.host.state()).windows.find(({ title }) => title === "Trivet")?.focused;
  await expect.poll(isInFront).toBe(false);
  await expect(funded.start()).rejects.toThrow("ended before its window opened");
  await expect.poll(isInFront).toBe(true);
  await confirm.reject();
  await page.operation.drop();
});

/** Sends a message through the window's bridge, as a page that was taken over could. */
async function invoke(wallet: Wallet, method: string, input: unknown): Promise<unknown> {
  return wallet.page.page.evaluate(
    // The types forbid what a page that was taken over would do.
    async ([name, value]) => window.trivet?.invoke(name as WalletMethod, value),
    [method, input] as const,
  );
}

/** Which directive of the content security policy what is done in the page violates; it need not throw too. */
async function violation(page: Page, act: () => void): Promise<string> {
  const seen = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const listen = (event: SecurityPolicyViolationEvent) => resolve(event.effectiveDirective);
        document.addEventListener("securitypolicyviolation", listen, { once: true });
      }),
  );
  await page.evaluate(act).catch(() => undefined);
  return seen;
}
