import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { OperationView } from "#core/wallet-api/operation-view.ts";
import type { ProofNeed } from "#core/wallet-api/proofs.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage, type PageOptions } from "../../testing/page-wallet.ts";
import { anOperation, aProofNeed, ledgerAddress } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const APP = { proof: "A", type: "totp", id: "totp-1", available: true } as const;
const EMAIL = {
  proof: "E",
  type: "email",
  id: "email-1",
  name: "a•••@example.org",
  available: true,
} as const;
const PASSKEY = { proof: "P", type: "passkey", id: "passkey-1", name: "Laptop", available: true } as const;
const LEDGER = {
  proof: "W",
  type: "wallet",
  id: ledgerAddress.toLowerCase(),
  address: ledgerAddress,
  available: true,
} as const;

const EVERY_WAY = aProofNeed({
  ways: [["P", "E"], ["A", "E"], ["W"]],
  stale: ["E"],
  factors: [EMAIL, APP, PASSKEY, LEDGER],
});

const waiting = (need: ProofNeed): OperationView => {
  const view = anOperation({ status: "waiting", needs: { kind: "proofs", need } });
  const steps = view.steps.map((step) => ({
    ...step,
    status:
      step.id === "confirm" ? ("done" as const) : step.id === "prove" ? ("needs-you" as const) : step.status,
  }));
  return { ...view, steps };
};

/** Opens an operation that waits for proofs. */
async function openNeed(need: ProofNeed, changes: Handlers = {}, options: PageOptions = {}) {
  const opened = await openPage(pages.browser, pages.urls.app, {
    handlers: {
      ...ofOpenAccount,
      "operations.list": () => [waiting(need)],
      ...changes,
    },
    ...options,
  });
  const { page } = opened;
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Prove that it is you" }).waitFor();
  return opened;
}

describe("proving who one is", () => {
  it("offers the ways, the best first, and gives one proof after the other", async () => {
    const given: unknown[] = [];
    const left = {
      ...EVERY_WAY,
      ways: [["E" as const]],
      given: [{ proof: "A" as const, until: Date.now() + 500_000 }],
    };
    const { page, complaints } = await openNeed(EVERY_WAY, {
      "proofs.give": (proof) => {
        given.push(proof);
        return undefined;
      },
      "proofs.sendCode": () => ({ sentTo: "a•••@example.org", expiresAt: Date.now() + 120_000 }),
      "operations.continue": () => (given.length < 2 ? waiting(left) : anOperation({ status: "done" })),
    });
    const ways = page.getByRole("radiogroup", { name: "How you prove who you are" });
    expect(await ways.getByRole("radio").allInnerTexts()).toEqual([
      "Passkey and email code\nQuickest",
      "Authenticator app and email code",
      "Your Ledger",
    ]);
    await ways.getByRole("radio", { name: "Authenticator app and email code" }).click();
    await page.getByRole("textbox", { name: "Code of your authenticator app" }).fill("123456");
    await page.getByRole("list", { name: "Proven already" }).getByText("Authenticator app").waitFor();
    await page.getByText("too long ago").waitFor();
    await page.getByRole("button", { name: "Send code" }).click();
    await page.getByRole("textbox", { name: "Six-digit code" }).fill("654321");
    await page.getByRole("heading", { name: "Withdrawn" }).waitFor();
    expect(given).toEqual([
      { kind: "totp", code: "123456" },
      { kind: "email", code: "654321" },
    ]);
    expect(complaints).toEqual([]);
  });

  it("says in place what is wrong with a code", async () => {
    const { page } = await openNeed(aProofNeed({ ways: [["A"]], factors: [APP] }), {
      "proofs.give": () => {
        throw new WalletError("app-code-wrong", "That is not the code.", "Type the code the app shows now.");
      },
    });
    const field = page.getByRole("textbox", { name: "Code of your authenticator app" });
    await field.fill("123456");
    expect(await page.getByRole("alert").innerText()).toContain("Type the code the app shows now.");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
  });

  it("waits for the browser, and stops waiting when one leaves", async () => {
    const calls: string[] = [];
    const { page } = await openNeed(aProofNeed({ ways: [["P"]], factors: [PASSKEY] }), {
      "proofs.give": () => {
        calls.push("give");
        return new Promise(() => undefined);
      },
      "proofs.cancel": () => {
        calls.push("cancel");
        return undefined;
      },
    });
    await page.getByRole("button", { name: "Open my browser" }).click();
    await page.getByText("Waiting for your browser.").waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
    await expect.poll(() => calls).toEqual(["give", "cancel"]);
  });

  it("goes on with the wallet that was chosen", async () => {
    const chosen: unknown[] = [];
    const { page } = await openNeed(EVERY_WAY, {
      "operations.useWallet": (input) => {
        chosen.push(input);
        return anOperation({ status: "running" });
      },
    });
    await page.getByRole("radio", { name: "Your Ledger" }).click();
    await page.getByRole("button", { name: "Sign with my Ledger" }).click();
    await expect.poll(() => chosen).toEqual([{ id: anOperation().id, wallet: ledgerAddress }]);
  });

  it("says so when nothing suffices, or the authenticator lost what is asked for", async () => {
    const none = await openNeed(aProofNeed({ ways: [] }));
    await none.page.getByText("Nothing that is registered for this key is enough").waitFor();
    const lost = await openNeed(aProofNeed({ ways: [["A"]], factors: [{ ...APP, available: false }] }));
    await lost.page.getByText("The authenticator no longer has this for you").waitFor();
  });

  it.each(["light", "dark"] as const)("is accessible in %s", async (theme) => {
    const { page } = await openNeed(EVERY_WAY, {}, { theme });
    expect(await barriersOf(page)).toEqual([]);
  });
});
