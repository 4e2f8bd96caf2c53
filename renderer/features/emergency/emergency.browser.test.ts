import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { zChangeReview } from "#core/wallet-api/changes.ts";
import type { EmergencyAddress } from "#core/wallet-api/emergency.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { anOperation, ledgerAddress, recipient } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const MESSAGE = "Trivet rehearsal\n\nIt moves nothing and allows nothing.\n\nCode: 0123456789abcdef";
const SIGNATURE = `0x${"ab".repeat(65)}` as const;
const NEVER: EmergencyAddress = { address: recipient, isContract: false };
const WORKED: EmergencyAddress = { ...NEVER, rehearsed: { at: 1_795_269_780, by: "signature" } };

const reviewOf = (wish: unknown) =>
  zChangeReview.parse({
    change: zChange.parse({ ...(wish as object), account: ledgerAddress, nonce: 0n }),
    ways: [
      {
        signers: [
          { role: "device", holder: "this-computer" },
          { role: "mfa", holder: "network" },
        ],
        effect: "now",
        seconds: 0,
      },
    ],
    deploysFirst: false,
  });

/** The screen of emergency addresses; `asked` tells what main was told to do. */
async function openEmergency(list: EmergencyAddress[], more: Handlers = {}) {
  const asked: unknown[] = [];
  const note =
    <T>(answer: (input: unknown) => T) =>
    (input: unknown): T => {
      asked.push(input);
      return answer(input);
    };
  const handlers: Handlers = {
    ...ofOpenAccount,
    "emergency.list": () => list,
    "emergency.rehearse": () => ({ message: MESSAGE }),
    "emergency.prove": note(() => WORKED),
    "changes.review": reviewOf,
    "changes.start": note(() =>
      anOperation({
        summary: {
          kind: "change",
          change: reviewOf({ kind: "setEmergencyAddress", recipient, enabled: true }).change,
        },
      }),
    ),
    ...more,
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, { handlers });
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  const strip = page.getByRole("link", { name: /^Emergency addresses/ });
  await strip.waitFor();
  return { page, asked, complaints, strip };
}

describe("emergency addresses", () => {
  it("are told in short on the keys screen", async () => {
    const { strip } = await openEmergency([NEVER, { ...WORKED, address: ledgerAddress }]);
    await strip.getByText("2 addresses, 1 never rehearsed.").waitFor();
  });

  it("are added by an address that is shown in full twice, with what it may do and what not", async () => {
    const { page, asked, complaints, strip } = await openEmergency([]);
    await strip.click();
    await page.getByText("Your account has none.").waitFor();
    await page.getByText("Whoever has the wallet at that address has your money").waitFor();
    await page.getByText("it can do nothing while the account is frozen").waitFor();
    await page.getByLabel("Address of the other wallet").fill(recipient);
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByText("can take everything, at once").waitFor();
    for (const words of ["If you sign", "If you do nothing", "What it cannot do"]) {
      await page.getByText(words).waitFor();
    }
    const shown = await page.getByRole("region", { name: "The address" }).innerText();
    expect(shown.replace(/\s/g, "")).toContain(recipient);
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    const wish = { kind: "setEmergencyAddress", recipient, enabled: true };
    expect(asked).toEqual([{ wish, signedBy: ["device", "mfa"] }]);
    expect(complaints).toEqual([]);
  });

  it("are rehearsed by the signature of a text, which says that it moves nothing", async () => {
    const { page, asked, strip } = await openEmergency([NEVER]);
    await strip.click();
    await page.getByText("Never rehearsed").waitFor();
    await page.getByRole("button", { name: "Rehearse" }).click();
    await page.getByText("It moves nothing and allows nothing.").waitFor();
    const check = page.getByRole("button", { name: "Check the signature" });
    expect(await check.isDisabled()).toBe(true);
    await page.getByLabel("Signature").fill("not hex");
    await check.click();
    await page.getByText("This is not a signature").waitFor();
    expect(asked).toEqual([]);
    await page.getByLabel("Signature").fill(` ${SIGNATURE} `);
    expect(await barriersOf(page)).toEqual([]);
    await check.click();
    await page.getByText("It worked by a signature").waitFor();
    expect(asked).toEqual([{ address: recipient, signature: SIGNATURE }]);
  });

  it("say why where a rehearsal fails", async () => {
    const { page, strip } = await openEmergency([NEVER], {
      "emergency.prove": () => {
        throw new WalletError("rehearsal-failed", "This is not the signature.", "Do not rely on it.");
      },
    });
    await strip.click();
    await page.getByRole("button", { name: "Rehearse" }).click();
    await page.getByLabel("Signature").fill(SIGNATURE);
    await page.getByRole("button", { name: "Check the signature" }).click();
    await page.getByText("Do not rely on it.").waitFor();
    await page.getByText("Never rehearsed").waitFor();
  });

  it("are removed by a change like any other", async () => {
    const { page, asked, strip } = await openEmergency([WORKED]);
    await strip.click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("heading", { level: 1, name: "Remove an emergency address" }).waitFor();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toMatchObject([{ wish: { recipient, enabled: false } }]);
  });
});
