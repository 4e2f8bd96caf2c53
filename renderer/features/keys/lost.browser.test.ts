import { describe, expect, it } from "vitest";
import { zKeyId } from "#core/primitives/hex.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";
import type { Holder } from "#core/wallet-api/state.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { openPage } from "../../testing/page-wallet.ts";
import { anOperation, recipient, unlockedState } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const DEVICE = { role: "device", holder: "this-computer" } as const;
const KEY = zKeyId.parse(`0x${"be".repeat(32)}`);
const BY_NETWORK = { role: "recovery", holder: "network" } as const;

/** The screen for the MFA key's holder that is lost, of an account whose recovery key the network holds. */
async function openLost(holder: Extract<Holder, "ledger" | "passkey">) {
  const asked: unknown[] = [];
  const state = unlockedState();
  if (state.phase !== "unlocked") throw new Error("not unlocked");
  const keys = state.account.keys.map((key) => (key.role === "mfa" ? { ...key, holder } : key));
  const ways: ChangeWay[] = [
    { effect: "now", seconds: 0, signers: [DEVICE, { role: "mfa", holder }] },
    { effect: "now", seconds: 0, signers: [DEVICE, BY_NETWORK] },
  ];
  const review = () => ({ ways, deploysFirst: false });
  const start = (wish: unknown) => {
    asked.push(wish);
    return anOperation();
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, {
    handlers: {
      ...ofOpenAccount,
      "wallet.state": () => ({ ...state, account: { ...state.account, keys } }),
      "keys.makePasskey": () => ({
        signer: `0x${"ab".repeat(20)}${"4e".repeat(64)}` as const,
        credential: "cGFzc2tleQ",
        synced: false,
      }),
      "keys.proofsForNetwork": () => undefined,
      "keys.reviewReplacement": review,
      "friends.invite": () => ({ fileName: "trivet-letter.json", file: '{"trivet":"friend"}' }),
      "friends.open": () => ({
        kind: "acceptance",
        invitation: `0x${"33".repeat(32)}`,
        name: "Safe",
        holder: "safe",
        role: "mfa",
        signer: recipient,
        contract: {},
        hidden: false,
        code: "12345 67890 12345 67890",
        instead: [{ id: KEY, holder, detail: "" }],
      }),
      "friends.reviewAddition": review,
      "friends.add": start,
      "keys.replaceWithPasskey": start,
      "keys.returnToNetwork": start,
      "ledger.check": () => ({ devices: [] }),
    },
  });
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name });
  const open = async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Keys" }).click();
    await page.getByRole("button", { name: `This ${NAME[holder]} is lost, the one of the MFA key` }).click();
    await heading(`The ${NAME[holder]} of your MFA key is lost`).waitFor();
  };
  /** That the key that is lost is left out, and the other one signs. */
  const reviewed = async () => {
    const lost = page.getByRole("radio", { name: /^Device key and MFA key/ });
    await lost.waitFor();
    expect(await lost.isDisabled()).toBe(true);
    expect(await page.getByRole("radio", { name: /^Device key and Recovery key/ }).isChecked()).toBe(true);
    await button("Start the change").click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
  };
  await open();
  return { page, complaints, asked, button, heading, open, reviewed };
}

const NAME = { ledger: "Ledger", passkey: "passkey" } as const;

describe.each(["ledger", "passkey"] as const)("what to do when the %s of a key is lost", (holder) => {
  const toLedger = holder === "ledger" ? "Use another Ledger" : "Use a Ledger";
  const toPasskey = holder === "passkey" ? "Use another passkey" : "Use a passkey";

  it("has a passkey take the key, by the other key that is left", async () => {
    const { page, complaints, asked, button, reviewed } = await openLost(holder);
    expect(await barriersOf(page)).toEqual([]);
    await button(toPasskey).click();
    await page.getByLabel("Name").fill("Phone");
    await button("Open my browser").click();
    await reviewed();
    expect(asked).toMatchObject([{ role: "mfa", name: "Phone", signedBy: ["device", "recovery"] }]);
    expect(complaints).toEqual([]);
  });

  it("has a Ledger take the key, or the network, which signs with the other key, too", async () => {
    const { asked, button, heading, open, reviewed } = await openLost(holder);
    await button(toLedger).click();
    await heading("Use a Ledger as your MFA key").waitFor();
    await open();
    await button("Back to the key network").click();
    await heading("Give the MFA key back to the key network").waitFor();
    await reviewed();
    expect(asked).toEqual([{ role: "mfa", signedBy: ["device", "recovery"] }]);
  });

  it("has a Safe take the key, by letters, and the lost key's way is left out there, too", async () => {
    const { page, asked, button } = await openLost(holder);
    await button("Use a Safe").click();
    await button("Make the letter").click();
    await page.getByLabel("Answer of your Safe", { exact: true }).fill("its answer");
    await button("Open it").click();
    await page.getByLabel("The page shows the same digits").check();
    await page.getByRole("radio", { name: /^In the place of/ }).check();
    const lost = page.getByRole("radio", { name: /^Device key and MFA key/ });
    await lost.waitFor();
    expect(await lost.isDisabled()).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await button("Put the key on my account").click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([{ text: "its answer", instead: KEY, signedBy: ["device", "recovery"] }]);
  });
});
