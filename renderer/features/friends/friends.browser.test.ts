import { describe, expect, it } from "vitest";
import { WalletError } from "#core/errors/wallet-error.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { zKeyId } from "#core/primitives/hex.ts";
import { type ChangeWay, zChangeReview } from "#core/wallet-api/changes.ts";
import { zContactCheck } from "#core/wallet-api/contacts.ts";
import {
  type FriendsView,
  type LetterForms,
  type OpenedLetter,
  zFriendsView,
} from "#core/wallet-api/friends.ts";
import { ofOpenAccount } from "../../testing/open-account.ts";
import { type Handlers, openPage } from "../../testing/page-wallet.ts";
import { anOperation, ledgerAddress, recipient } from "../../testing/samples.ts";
import { barriersOf, usePages } from "../../testing/use-pages.ts";

const pages = usePages();

const KEY = zKeyId.parse(`0x${"be".repeat(32)}`);
const CODE = "12345 67890 12345 67890";
const LETTER: LetterForms = {
  fileName: "trivet-letter.json",
  file: '{"trivet":"friend"}',
  link: "trivet://friend/abc",
  qr: ["trivet://friend/1-2-00000000/a", "trivet://friend/2-2-00000000/b"],
  code: CODE,
};
const EXPIRES = 1_800_000_000;
const INVITATION: OpenedLetter = {
  kind: "invitation",
  from: "Ana",
  account: ledgerAddress,
  role: "recovery",
  hidden: true,
  expiresAt: EXPIRES,
  accepted: false,
};
const REQUEST: OpenedLetter = {
  kind: "request",
  from: "Ana",
  account: ledgerAddress,
  role: "recovery",
  reason: "My laptop was stolen.",
  expiresAt: EXPIRES,
  needed: 1,
  title: "Add device key",
  facts: [{ label: "The new key signs with", value: recipient, address: true }],
  then: "It becomes a device key.",
  otherwise: "If you do nothing, you have signed nothing.",
  cannot: "It moves no money.",
  code: CODE,
};
const ACCEPTANCE: OpenedLetter = {
  kind: "acceptance",
  invitation: `0x${"33".repeat(32)}`,
  name: "Ben",
  holder: "friend",
  role: "recovery",
  signer: recipient,
  hidden: true,
  code: CODE,
  instead: [{ id: KEY, holder: "network", detail: "4 nodes" }],
};

const DEVICE = { role: "device", holder: "this-computer" } as const;
const BY_MFA: ChangeWay = {
  signers: [DEVICE, { role: "mfa", holder: "ledger" }],
  effect: "now",
  seconds: 0,
};
const BY_RECOVERY: ChangeWay = {
  signers: [DEVICE, { role: "recovery", holder: "network" }],
  effect: "now",
  seconds: 0,
};

/** Somebody whom the address of the friend in these letters may be taken for. */
const LOOKS_LIKE = {
  name: "Carla",
  address: `${recipient.slice(0, 8)}${"ab".repeat(15)}${recipient.slice(-4)}`.toLowerCase(),
};

const viewOf = (more: Partial<FriendsView> = {}): FriendsView =>
  zFriendsView.parse({
    friends: [],
    roles: [
      { role: "mfa", threshold: 1, keys: 1 },
      { role: "recovery", threshold: 1, keys: 1 },
    ],
    invitations: [],
    standings: [],
    ...more,
  });

const ben = {
  role: "recovery",
  id: KEY,
  name: "Ben",
  signer: recipient,
  hidden: true,
  active: true,
  lastAnswer: 1_700_000_000,
  checkDue: true,
} as const;

/** The friends' screen; `asked` tells what main was told to do. */
async function openFriends(view: FriendsView, more: Handlers = {}) {
  const asked: unknown[] = [];
  const note =
    <T>(answer: T) =>
    (input: unknown): T => {
      asked.push(input);
      return answer;
    };
  const handlers: Handlers = {
    ...ofOpenAccount,
    "friends.view": () => view,
    "friends.invite": note(LETTER),
    "friends.invitation": note(LETTER),
    "friends.withdrawInvitation": note(viewOf()),
    "friends.answer": note(LETTER),
    "friends.check": note(LETTER),
    "friends.save": note({ savedAs: "letter.json" }),
    "friends.savePage": () => ({ savedAs: "page.html" }),
    "friends.reviewAddition": () => ({ ways: [BY_MFA], deploysFirst: false }),
    "friends.add": note(anOperation()),
    "changes.review": (wish) =>
      zChangeReview.parse({
        change: zChange.parse({ ...(wish as object), account: ledgerAddress, nonce: 0n }),
        ways: [
          {
            signers: [
              { role: "device", holder: "this-computer" },
              { role: "recovery", holder: "friend" },
              { role: "recovery", holder: "friend" },
            ],
            effect: "now",
            seconds: 0,
          },
        ],
        deploysFirst: false,
      }),
    "changes.start": note(anOperation()),
    ...more,
  };
  const { page, complaints } = await openPage(pages.browser, pages.urls.app, { handlers });
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  await page.getByRole("link", { name: /^Friends/ }).click();
  await page.getByRole("heading", { name: "Friends who hold your keys" }).waitFor();
  const open = async (text = "a letter") => {
    await page.getByLabel("Letter", { exact: true }).fill(text);
    await page.getByRole("button", { name: "Open it" }).click();
  };
  return { page, asked, complaints, open };
}

describe("the friends' screen", () => {
  it("invites by a letter that goes as a file, a link or QR codes one after the other", async () => {
    const { page, asked, complaints } = await openFriends(viewOf());
    const form = page.getByRole("region", { name: "Invite a friend" });
    await form.getByLabel("Your friend's name").fill("Ben");
    const make = form.getByRole("button", { name: "Make the invitation" });
    expect(await make.isDisabled()).toBe(true);
    await form.getByLabel("Your own name").fill("Ana");
    await make.click();
    await form.getByText("The invitation for Ben is ready.").waitFor();
    await form.getByRole("button", { name: "Save the invitation" }).click();
    await form.getByText("Saved as letter.json.").waitFor();
    await form.getByRole("button", { name: "Show as a QR code" }).click();
    await form.getByRole("img", { name: "QR code 1 of 2" }).waitFor();
    await form.getByRole("button", { name: "Next" }).click();
    await form.getByRole("img", { name: "QR code 2 of 2" }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(asked).toEqual([
      { name: "Ben", from: "Ana", role: "recovery", hidden: true, holder: "friend" },
      { text: LETTER.file },
    ]);
    expect(complaints).toEqual([]);
  });

  it("shows whoever is asked what they would be, could do and could not, and what comes of doing nothing", async () => {
    const { page, asked, open } = await openFriends(viewOf(), { "friends.open": () => INVITATION });
    await open();
    for (const text of ["What you could do", "What you could not do", "If you do nothing, nothing happens"]) {
      await page.getByText(text).waitFor();
    }
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Accept and sign" }).click();
    await page.getByText("Signed. Send this answer to Ana.").waitFor();
    await page.getByText(CODE).waitFor();
    expect(asked).toEqual([{ text: "a letter" }]);
  });

  it("shows a request with its reason, its digits and all consequences, and warns of strangers and other names", async () => {
    for (const [knownAs, warning] of [
      [undefined, "You accepted no invitation of this account on this computer"],
      ["Anna", "You know this account as Anna's"],
    ] as const) {
      const letter = { ...REQUEST, ...(knownAs !== undefined && { knownAs }) };
      const { page, open } = await openFriends(viewOf(), { "friends.open": () => letter });
      await open();
      for (const text of ["My laptop was stolen.", CODE, "What it cannot do", warning]) {
        await page.getByText(text).waitFor();
      }
      const shown = await page.getByRole("region", { name: "The letter" }).innerText();
      expect(shown.replaceAll(/\s/g, "")).toContain(recipient);
      expect(await barriersOf(page)).toEqual([]);
    }
  });

  it("puts a friend's key onto the account only once the digits were compared and its place was chosen", async () => {
    const { page, asked, open } = await openFriends(viewOf(), { "friends.open": () => ACCEPTANCE });
    await open();
    const put = page.getByRole("button", { name: "Put the key on my account" });
    await page.getByText(CODE).waitFor();
    expect(await put.isDisabled()).toBe(true);
    await page.getByLabel("Ben read me the same digits").check();
    expect(await put.isDisabled()).toBe(true);
    await page.getByLabel("In the place of: Key network").check();
    expect(await barriersOf(page)).toEqual([]);
    await put.click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([{ text: "a letter", instead: KEY, signedBy: ["device", "mfa"] }]);
  });

  it("asks which keys sign for a friend's key once its place was chosen, where there is more than one way", async () => {
    const reviewed: unknown[] = [];
    const { page, asked, open } = await openFriends(viewOf(), {
      "friends.open": () => ACCEPTANCE,
      "friends.reviewAddition": (input) => {
        reviewed.push(input);
        // Beside the others there is no choice.
        const isInstead = typeof input === "object" && input !== null && "instead" in input;
        return { ways: isInstead ? [BY_MFA, BY_RECOVERY] : [BY_MFA], deploysFirst: false };
      },
    });
    await open();
    const put = page.getByRole("button", { name: "Put the key on my account", disabled: false });
    const choice = page.getByRole("radiogroup", { name: "Who signs next" });
    await page.getByLabel("Ben read me the same digits").check();
    expect(await choice.count()).toBe(0);
    await page.getByLabel("Beside the keys that the role has").check();
    await put.waitFor();
    expect(await choice.count()).toBe(0);
    await page.getByLabel("In the place of: Key network").check();
    await choice.waitFor();
    expect(await choice.getByRole("radio", { name: /^Device key and MFA key/ }).isChecked()).toBe(true);
    await choice.getByRole("radio", { name: /^Device key and Recovery key/ }).click();
    expect(await barriersOf(page)).toEqual([]);
    await put.click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(reviewed).toEqual([{ text: "a letter" }, { text: "a letter", instead: KEY }]);
    expect(asked).toEqual([{ text: "a letter", instead: KEY, signedBy: ["device", "recovery"] }]);
  });

  it("says why nobody can sign for a friend's key, and asks once more", async () => {
    let isFrozen = true;
    const { page, open } = await openFriends(viewOf(), {
      "friends.open": () => ACCEPTANCE,
      "friends.reviewAddition": () => {
        if (isFrozen) throw new WalletError("account-frozen", "The account is frozen.", "Unfreeze it first.");
        return { ways: [BY_MFA], deploysFirst: false };
      },
    });
    await open();
    await page.getByLabel("Ben read me the same digits").check();
    await page.getByLabel("In the place of: Key network").check();
    await page.getByText("Unfreeze it first.").waitFor();
    const put = page.getByRole("button", { name: "Put the key on my account" });
    expect(await put.isDisabled()).toBe(true);
    isFrozen = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Put the key on my account", disabled: false }).waitFor();
  });

  it("says of a contract wallet that it can change, and who it says stands behind it", async () => {
    for (const [contract, words] of [
      [{ safe: { owners: 3, threshold: 2 } }, "it says that 2 of its 3 owners have to sign"],
      [{}, "who stands behind it, only its owner can say"],
    ] as const) {
      const view = viewOf({ friends: [{ ...ben, contract }] });
      const { page, open } = await openFriends(view, { "friends.open": () => ({ ...ACCEPTANCE, contract }) });
      await page.getByRole("region", { name: "Ben", exact: true }).getByText(words).waitFor();
      await open();
      const letter = page.getByRole("region", { name: "The letter" });
      await letter.getByText(words).waitFor();
      await letter.getByText("its owners can change without asking you").waitFor();
      expect(await barriersOf(page)).toEqual([]);
    }
  });

  it("warns of a friend's address that looks like somebody else's, and asks for a yes to it", async () => {
    const { page, open } = await openFriends(viewOf(), {
      "friends.open": () => ACCEPTANCE,
      "contacts.check": () =>
        zContactCheck.parse({
          paidBefore: false,
          resemblances: [{ known: LOOKS_LIKE, likeness: "same-ends", otherScripts: [] }],
          mixedScripts: [],
        }),
    });
    await open();
    const letter = page.getByRole("region", { name: "The letter" });
    await letter.locator("[data-look-alike]").waitFor();
    await letter.getByLabel("Ben read me the same digits").check();
    await letter.getByLabel("In the place of: Key network").check();
    const put = letter.getByRole("button", { name: "Put the key on my account" });
    expect(await put.isDisabled()).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await letter.getByLabel("I compared every character, and mean this one").check();
    await letter.getByRole("button", { name: "Put the key on my account", disabled: false }).waitFor();
  });

  it("says why a letter is refused", async () => {
    const { page, open } = await openFriends(viewOf(), {
      "friends.open": () => {
        throw new WalletError(
          "letter-expired",
          "This letter counted until 2026-01-01.",
          "Ask for a new one.",
        );
      },
    });
    await open();
    await page.getByText("Ask for a new one.").waitFor();
  });

  it("takes a letter as a file, and none that is far too long", async () => {
    const { page } = await openFriends(viewOf(), { "friends.open": () => INVITATION });
    const file = (name: string, size: number) => ({
      name,
      mimeType: "application/json",
      buffer: Buffer.alloc(size, 0x20),
    });
    await page.getByLabel("Letter: file").setInputFiles(file("huge.json", 300_000));
    await page.getByText("This file is longer than any letter of Trivet's.").waitFor();
    await page.getByLabel("Letter: file").setInputFiles(file("letter.json", 300));
    await page.getByText("Ana asks you to hold a Recovery key").waitFor();
  });

  it("lists friends, reminds after a year, sets how many sign, and removes one by a change like any other", async () => {
    const view = viewOf({
      friends: [ben, { ...ben, id: zKeyId.parse(`0x${"ca".repeat(32)}`), name: "Carla", checkDue: false }],
      roles: [{ role: "recovery", threshold: 1, keys: 2 }],
      invitations: [
        { id: `0x${"44".repeat(32)}`, name: "Dan", role: "recovery", expiresAt: EXPIRES, expired: false },
      ],
      standings: [{ account: ledgerAddress, from: "Eve", role: "recovery", signer: recipient, since: 1 }],
    });
    const { page, asked } = await openFriends(view);
    const bens = page.getByRole("region", { name: "Ben" });
    await bens.getByText("more than a year ago").waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await bens.getByRole("button", { name: "Ask whether Ben is still there" }).click();
    await bens.getByRole("button", { name: "Save the question" }).waitFor();
    await page.getByRole("region", { name: "Invitation for Dan" }).getByText("counts until").waitFor();
    await page.getByRole("region", { name: "Eve" }).waitFor();
    const signing = page.getByLabel("How many sign as Recovery key");
    expect(await signing.inputValue()).toBe("1");
    await signing.selectOption("2");
    await page.getByRole("button", { name: "Review the change" }).click();
    await page.getByRole("heading", { level: 1, name: "Change how many sign as Recovery key" }).waitFor();
    await page.getByRole("button", { name: "Go on to sign" }).click();
    await page.getByRole("list", { name: "Steps of this operation" }).waitFor();
    expect(asked).toEqual([
      { id: KEY },
      { wish: { kind: "setThreshold", role: "recovery", threshold: 2 }, signedBy: ["device", "recovery"] },
    ]);
  });
});

describe("an operation that waits for friends", () => {
  it("says for whom, makes the request, and takes an answer", async () => {
    const operation = anOperation({
      summary: {
        kind: "change",
        change: zChange.parse({ kind: "archive", account: ledgerAddress, nonce: 0n }),
      },
      status: "waiting",
      steps: [
        { id: "confirm", holder: "this-computer", role: "device", status: "done" },
        { id: "ask", holder: "friend", role: "recovery", status: "needs-you" },
        { id: "submit", status: "waiting" },
        { id: "settle", status: "waiting" },
      ],
      needs: {
        kind: "friends",
        missing: 1,
        friends: [
          { role: "recovery", holder: "friend", id: KEY, name: "Ben", answered: true },
          {
            role: "recovery",
            holder: "friend",
            id: zKeyId.parse(`0x${"ca".repeat(32)}`),
            name: "Carla",
            answered: false,
          },
          {
            role: "recovery",
            holder: "friend",
            id: zKeyId.parse(`0x${"da".repeat(32)}`),
            answered: false,
          },
        ],
      },
    });
    const requests: unknown[] = [];
    const { page } = await openFriends(viewOf({ ownName: "Ana" }), {
      "operations.list": () => [operation],
      "friends.request": (input) => {
        requests.push(input);
        return LETTER;
      },
      "friends.open": () => ({ kind: "signature", operation }),
    });
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home" }).click();
    const banner = page.getByRole("region", { name: /^In flight/ });
    await banner.getByText("Waits for one friend to sign.").waitFor();
    await banner.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Waits for one of Carla, a friend (key 0xdadadada…).").waitFor();
    await page.getByLabel("Why you ask").fill("My laptop was stolen.");
    expect(await page.getByLabel("Your own name").inputValue()).toBe("Ana");
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Make the request" }).click();
    await page.getByRole("button", { name: "Save the request" }).waitFor();
    expect(requests).toEqual([{ id: operation.id, from: "Ana", reason: "My laptop was stolen." }]);
    await page.getByLabel("Answer of a friend", { exact: true }).fill("an answer");
    await page.getByRole("button", { name: "Open it" }).click();
    await page.getByText("The answer was taken.").waitFor();
  });
});
