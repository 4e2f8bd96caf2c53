import { describe, expect, it } from "vitest";
import type { LedgerDevice } from "#core/ledger/device.ts";
import { LEDGER_TEXT } from "#core/ledger/states.ts";
import { UDEV_COMMAND } from "#core/ledger/udev.ts";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { noContacts } from "../../testing/contact-samples.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { ledgerAddress, recipient } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const third = toAddress(`0x${"c3".repeat(20)}`);

/** The first screen of the way to a Ledger; `asked` tells what main was told to do. */
async function openWizard(more: Handlers) {
  const asked: unknown[] = [];
  const handlers: Handlers = {
    ...ofOpenAccount,
    "emergency.list": () => [],
    ...noContacts,
    "ledger.cancel": () => undefined,
    "ledger.verifyAddress": (input) => {
      asked.push(input);
      return new Promise(() => undefined);
    },
    ...more,
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, { handlers });
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  await page.getByRole("button", { name: "Use a Ledger instead, for the MFA key" }).click();
  return { page, asked, complaints };
}

const ready = (id: string, address: Address, model: string): LedgerDevice => ({
  id,
  state: "ready",
  address,
  model,
});

describe("several Ledgers", () => {
  it("are shown with their state, and one is chosen", async () => {
    const { page, asked } = await openWizard({
      "ledger.check": () => ({
        devices: [
          { id: "a", state: "unlock", model: "Ledger Flex" },
          ready("b", ledgerAddress, "Ledger Nano X"),
          {
            id: "c",
            state: "unreachable",
            problem: { code: "ledger-busy", message: "Busy.", whatToDo: "Reject it." },
          },
        ],
      }),
    });
    const list = page.getByRole("list", { name: "Ledgers that are plugged in" });
    await list.getByText(LEDGER_TEXT.unlock).waitFor();
    await list.getByText("Busy. Reject it.").waitFor();
    expect(await page.getByRole("button", { name: "Use this one, Ledger Flex" }).isDisabled()).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Use this one, Ledger Nano X" }).click();
    await page.getByRole("button", { name: "Show it on my Ledger" }).click();
    await expect.poll(() => asked).toEqual([{ address: ledgerAddress, path: "44'/60'/0'/0/0" }]);
  });

  it("asked for another than the one that is there, it is not taken by itself again", async () => {
    let address = ledgerAddress;
    const { page } = await openWizard({
      "ledger.check": () => ({ devices: [ready("a", address, "Ledger Flex")] }),
    });
    await page.getByRole("button", { name: "Use another Ledger" }).click();
    await page.getByText("This is the one you had.").waitFor();
    address = recipient;
    await page.getByRole("heading", { name: "Is this the address on your Ledger?" }).waitFor();
  });
});

describe("an account of a Ledger", () => {
  it("is chosen by another numbering, or at a path that is checked while it is typed", async () => {
    const wanted: unknown[] = [];
    const { page, asked } = await openWizard({
      "ledger.check": () => ({ devices: [ready("a", ledgerAddress, "Ledger Flex")] }),
      "ledger.accounts": (input) => {
        wanted.push(input);
        const { paths } = input as { paths: string[] };
        return paths.map((path) => ({ path, address: third }));
      },
    });
    await page.getByRole("button", { name: "Use another account of it" }).click();
    await page.getByRole("radio", { name: "Legacy" }).check();
    await page.getByText("44'/60'/0'/4").waitFor();
    await page.getByRole("radio", { name: "A path of my own" }).check();
    await page.getByLabel("Derivation path").fill("44'/0'/0'");
    await page.getByText("The Ethereum app gives out keys below").waitFor();
    expect(await page.getByRole("button", { name: "Show its address" }).isDisabled()).toBe(true);
    await page.getByLabel("Derivation path").fill("m/44h/60h/9h/0/1");
    await page.getByRole("button", { name: "Show its address" }).click();
    await page.getByRole("button", { name: "Use this one, at 44'/60'/9'/0/1" }).click();
    expect(wanted.at(-1)).toEqual({ device: "a", paths: ["44'/60'/9'/0/1"] });
    await page.getByRole("button", { name: "Show it on my Ledger" }).click();
    await expect.poll(() => asked).toEqual([{ address: third, path: "44'/60'/9'/0/1" }]);
    await page.getByRole("button", { name: "Stop waiting" }).waitFor();
  });
});

describe("a Ledger that cannot be used yet", () => {
  it("because of Linux comes with the commands, to be copied", async () => {
    const copied: unknown[] = [];
    const { page } = await openWizard({
      "ledger.check": () => ({ devices: [{ id: "/dev/hidraw1", state: "no-access", model: "Ledger Flex" }] }),
      "app.copy": (input) => {
        copied.push(input);
        return undefined;
      },
    });
    await page.getByText(LEDGER_TEXT["no-access"]).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Copy commands" }).click();
    await expect.poll(() => copied).toEqual([{ text: UDEV_COMMAND }]);
  });

  it.each(["update-app", "enable-raw-messages", "disable-blind-signing"] as const)(
    "%s comes with the steps on it, and why",
    async (state) => {
      const { page } = await openWizard({ "ledger.check": () => ({ devices: [{ id: "a", state }] }) });
      await page.getByText(LEDGER_TEXT[state]).waitFor();
      expect(
        await page.locator("ol li", { hasText: /Ledger|Settings|Raw|Blind|Come back/ }).count(),
      ).toBeGreaterThan(1);
      expect(await barriersOf(page)).toEqual([]);
    },
  );
});
