import { describe, expect, it } from "vitest";
import { zKeyId } from "#core/primitives/hex.ts";
import type { ChangeWay } from "#core/wallet-api/changes.ts";
import type { LetterForms, OpenedLetter } from "#core/wallet-api/friends.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { anOperation, recipient, unlockedState } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const KEY = zKeyId.parse(`0x${"be".repeat(32)}`);
const LETTER: LetterForms = {
  fileName: "trivet-letter.json",
  file: '{"trivet":"friend"}',
  link: "trivet://friend/abc",
};
const ACCEPTANCE: OpenedLetter = {
  kind: "acceptance",
  invitation: `0x${"33".repeat(32)}`,
  name: "Safe",
  holder: "safe",
  role: "mfa",
  signer: recipient,
  contract: { safe: { owners: 3, threshold: 2 } },
  hidden: false,
  code: "12345 67890 12345 67890",
  instead: [{ id: KEY, holder: "network", detail: "4 nodes" }],
};

const BY_MFA: ChangeWay = {
  signers: [
    { role: "device", holder: "this-computer" },
    { role: "mfa", holder: "network" },
  ],
  effect: "now",
  seconds: 0,
};

async function openKeys(more: Handlers = {}) {
  const asked: unknown[] = [];
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, {
    handlers: {
      ...ofOpenAccount,
      "friends.invite": (wish) => {
        asked.push(wish);
        return LETTER;
      },
      "friends.savePage": () => ({ savedAs: "page.html" }),
      "friends.open": () => ACCEPTANCE,
      "friends.reviewAddition": () => ({ ways: [BY_MFA], deploysFirst: false }),
      "friends.add": (input) => {
        asked.push(input);
        return anOperation();
      },
      ...more,
    },
  });
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  return { page, complaints, asked };
}

describe("a Safe of the person's own", () => {
  it("takes a key over by a letter, its answer, and the digits on both screens", async () => {
    const { page, complaints, asked } = await openKeys();
    await page.getByRole("button", { name: "Use a Safe instead, for the MFA key" }).click();
    await page.getByRole("heading", { level: 1, name: "Use a Safe as your MFA key" }).waitFor();
    await page.getByText("If you do nothing, your keys stay as they are").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Make the letter" }).click();
    await page.getByRole("button", { name: "Save the friend's page" }).click();
    await page.getByText("Saved as page.html.").waitFor();
    await page.getByLabel("Answer of your Safe", { exact: true }).fill("its answer");
    await page.getByRole("button", { name: "Open it" }).click();
    const letter = page.getByRole("region", { name: "The letter" });
    await letter.getByRole("heading", { name: "Your Safe accepted" }).waitFor();
    await letter.getByText("it says that 2 of its 3 owners have to sign").waitFor();
    const put = letter.getByRole("button", { name: "Put the key on my account" });
    await letter.getByLabel("In the place of: Key network").check();
    expect(await put.isDisabled()).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await letter.getByLabel("The page shows the same digits").check();
    await put.click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([
      { name: "Safe", from: "My Trivet", role: "mfa", hidden: false, holder: "safe" },
      { text: "its answer", instead: KEY, signedBy: ["device", "mfa"] },
    ]);
    expect(complaints).toEqual([]);
  });

  it("is a holder with a picture of its own, and gives its key back to the network", async () => {
    const state = unlockedState();
    if (state.phase !== "unlocked") throw new Error("not unlocked");
    const keys = state.account.keys.map((key) =>
      key.role === "mfa" ? { ...key, holder: "safe" as const, detail: "Safe" } : key,
    );
    const { page } = await openKeys({
      "wallet.state": () => ({ ...state, account: { ...state.account, keys } }),
      "keys.proofsForNetwork": () => undefined,
      "keys.reviewReplacement": () => ({ ways: [], deploysFirst: false }),
    });
    const mfa = page.getByRole("region", { name: "MFA key" });
    await mfa.getByText("Your Safe", { exact: true }).waitFor();
    await mfa.getByText("In a contract wallet of your own").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await mfa.getByRole("button", { name: "Give the MFA key back to the key network" }).click();
    await page.getByRole("heading", { level: 1, name: "Give the MFA key back to the key network" }).waitFor();
  });

  it("is waited for like friends, but in words for what is one's own", async () => {
    const { page } = await openKeys({
      "friends.view": () => ({ friends: [], roles: [], invitations: [], standings: [] }),
      "friends.request": () => LETTER,
      "operations.list": () => [
        anOperation({
          status: "waiting",
          steps: [
            { id: "confirm", holder: "this-computer", role: "device", status: "done" },
            { id: "ask", holder: "safe", role: "mfa", status: "needs-you" },
            { id: "submit", status: "waiting" },
            { id: "settle", status: "waiting" },
          ],
          needs: {
            kind: "friends",
            missing: 1,
            friends: [{ role: "mfa", id: KEY, holder: "safe", name: "Safe", answered: false }],
          },
        }),
      ],
    });
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
    const banner = page.getByRole("region", { name: /^In flight/ });
    await banner.getByText("Waits for your Safe to sign.").waitFor();
    await banner.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Have your Safe sign" }).waitFor();
    await page.getByText("Waits for your Safe.").waitFor();
    await page.getByText("Your Safe signs with the MFA key").first().waitFor();
    await page.getByRole("button", { name: "Make the request" }).click();
    await page.getByRole("button", { name: "Save the request" }).waitFor();
    await page.getByRole("button", { name: "Save the friend's page" }).waitFor();
    await page.getByLabel("Answer of your Safe", { exact: true }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });
});
