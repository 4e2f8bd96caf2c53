import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Contact, zContact } from "#core/contacts/contact.ts";
import { lookAlikes } from "#core/contacts/look-alikes.ts";
import { mixedScripts } from "#core/contacts/scripts.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import { type Address, sameAddress, toAddress, zAddress } from "#core/primitives/address.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { anOperation, recipient, tusd } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const BEN: Contact = { name: "Ben Miller", address: recipient, addedAt: 1 };
/** Begins and ends as Ben's address does. */
const TWIN = toAddress(`0x5aaeb6${"1".repeat(29)}beaed`);
const STRANGER = toAddress(`0x${"c3".repeat(20)}`);
const zNamed = z.object({ name: z.string(), address: zAddress });

/** The app with contacts that are kept as main keeps them, compared by the very functions of core. */
async function openContacts(first: readonly Contact[], more: Handlers = {}) {
  let contacts = [...first];
  const handlers: Handlers = {
    ...ofOpenAccount,
    "account.balances": () => [{ token: tusd, amount: 1_250_500_000n }],
    "contacts.list": () => contacts,
    "contacts.add": (input) =>
      (contacts = [...contacts, zContact.parse({ ...zNamed.parse(input), addedAt: 2 })]),
    "contacts.rename": (input) => {
      const { name, address } = zNamed.parse(input);
      return (contacts = contacts.map((one) => (sameAddress(one.address, address) ? { ...one, name } : one)));
    },
    "contacts.remove": (input) => {
      const { address } = z.object({ address: zAddress }).parse(input);
      return (contacts = contacts.filter((one) => !sameAddress(one.address, address)));
    },
    "contacts.check": (input) => {
      const candidate = zNamed.partial({ name: true }).parse(input);
      const contact = contacts.find((one) => sameAddress(one.address, candidate.address));
      return {
        contact,
        paidBefore: false,
        resemblances: lookAlikes(candidate, contacts).map(({ contact: known, ...how }) => ({
          known,
          ...how,
          otherScripts: [...how.otherScripts],
        })),
        mixedScripts: mixedScripts(candidate.name ?? ""),
      };
    },
    "withdraw.review": (input) => ({
      token: tusd,
      to: z.object({ to: zAddress }).parse(input).to,
      amount: 250_000_000n,
      balanceAfter: 1_000_500_000n,
      toIsContract: false,
      toIsKnown: false,
      deploysFirst: false,
      ways: [{ signers: [{ role: "device", holder: "this-computer" }], effect: "now", seconds: 0 }],
    }),
    "withdraw.start": () => anOperation(),
    ...more,
  };
  return openPage(pages.browser, pages.urls.app, { handlers });
}

const openPageOfContacts = async (first: readonly Contact[], more: Handlers = {}) => {
  const opened = await openContacts(first, more);
  await opened.page.getByRole("link", { name: "Contacts" }).click();
  await opened.page.getByRole("heading", { level: 1, name: "Contacts" }).waitFor();
  return opened;
};

describe("the contacts screen", () => {
  it("adds somebody by name and address, renames and removes them, by keyboard alone", async () => {
    const { page, complaints } = await openPageOfContacts([]);
    await page.getByText("You have none yet.").waitFor();
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.type("Ben Miller");
    // The button that reads a QR code comes first.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type(recipient);
    await page.getByText("The checksum is right").waitFor();
    await page.keyboard.press("Enter");
    const list = page.getByRole("list", { name: "Contacts" });
    await list.getByText("Ben Miller").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("");
    expect(await barriersOf(page)).toEqual([]);

    await page.getByRole("button", { name: "Rename Ben Miller" }).press("Enter");
    await list.getByLabel("Name", { exact: true }).fill("Ben M.");
    await page.keyboard.press("Enter");
    await list.getByText("Ben M.").waitFor();
    await page.getByRole("button", { name: "Remove Ben M." }).press("Enter");
    await page.getByRole("button", { name: "Remove it" }).press("Enter");
    await page.getByText("You have none yet.").waitFor();
    expect(complaints).toEqual([]);
  });

  it("names what is missing, and why a name cannot be one", async () => {
    const { page } = await openPageOfContacts([]);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByText("Type a name.").waitFor();
    await page.getByText("Type or paste the address.").waitFor();
    await page.getByLabel("Name", { exact: true }).fill("0x5aAeb6");
    await page.getByText("The name reads as an address.").waitFor();
  });

  it("warns of a name that is read as a contact's, and adds it only after a yes", async () => {
    const { page } = await openPageOfContacts([BEN]);
    await page.getByLabel("Address", { exact: true }).fill(STRANGER);
    await page.getByLabel("Name", { exact: true }).fill("Bеn Miller");
    await page.getByText("This name is read as Ben Miller, but is another").waitFor();
    await page.getByText("A word of this name mixes Latin and Cyrillic letters").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    const add = page.getByRole("button", { name: "Add", exact: true });
    expect(await add.isDisabled()).toBe(true);
    await page.getByRole("checkbox").check();
    await add.click();
    await page.getByRole("list", { name: "Contacts" }).getByText("Bеn Miller").waitFor();
  });

  it("says why main did not add somebody", async () => {
    const { page } = await openPageOfContacts([], {
      "contacts.add": () => {
        throw new WalletError(
          "contact-name-taken",
          "You have a contact called Ben already.",
          "Choose another.",
        );
      },
    });
    await page.getByLabel("Name", { exact: true }).fill("Ben");
    await page.getByLabel("Address", { exact: true }).fill(STRANGER);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("You have a contact called Ben already.").waitFor();
  });
});

describe("a withdrawal", () => {
  const review = async (more: Handlers, to: { type: Address } | { choose: string }) => {
    const opened = await openContacts([BEN], more);
    const { page } = opened;
    await page.getByRole("link", { name: "Withdraw" }).click();
    if ("type" in to) await page.getByLabel("Recipient", { exact: true }).fill(to.type);
    else await page.getByLabel("Choose a contact").selectOption(to.choose);
    await page.getByLabel("Amount").fill("250");
    return opened;
  };

  it("goes to a contact that was chosen by name, and says whose address it is", async () => {
    const { page } = await review({}, { choose: "Ben Miller" });
    expect(await page.getByLabel("Recipient", { exact: true }).inputValue()).toBe(recipient);
    await page.getByText("Your contact Ben Miller").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("heading", { level: 1, name: "Review the withdrawal" }).waitFor();
    await page.getByText("Your contact Ben Miller").waitFor();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
  });

  it("to an address that looks like a contact's is not signed before a yes", async () => {
    const { page } = await review({}, { type: TWIN });
    await page.getByText("This address looks like Ben Miller, but is not").waitFor();
    await page.getByRole("button", { name: "Review" }).click();
    await page.getByRole("heading", { level: 1, name: "Review the withdrawal" }).waitFor();
    await page.getByText("This address looks like Ben Miller, but is not").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    const goOn = page.getByRole("button", { name: "Go on to sign" });
    expect(await goOn.isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: "I compared every character" }).check();
    await goOn.click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
  });
});
