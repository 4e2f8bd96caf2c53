import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Address, toAddress } from "#core/primitives/address.ts";
import { createContacts, MOST_CONTACTS } from "./contacts.ts";
import { contactsFile } from "./file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trivet-contacts-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const BEN = toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
/** Begins and ends like Ben's. */
const TWIN = toAddress(`0x5aaeb6${"1".repeat(29)}beaed`);
const STRANGER = toAddress(`0x${"c3".repeat(20)}`);

const open = (paid: readonly Address[] = []) =>
  createContacts({ file: contactsFile(folder), paid: () => Promise.resolve(paid), now: () => 7 });
const names = (contacts: readonly { readonly name: string }[]) => contacts.map(({ name }) => name);

describe("contacts", () => {
  test("are none at first, then in the order of their names, and still there after a restart", async () => {
    const contacts = open();
    expect(await contacts.list()).toEqual([]);
    await contacts.add({ name: "Ben", address: BEN });
    await contacts.add({ name: "ada", address: STRANGER });
    expect(await open().list()).toEqual([
      { name: "ada", address: STRANGER, addedAt: 7 },
      { name: "Ben", address: BEN, addedAt: 7 },
    ]);
  });

  test("are renamed and removed by their address", async () => {
    const contacts = open();
    await contacts.add({ name: "Ben", address: BEN });
    await contacts.add({ name: "Ada", address: STRANGER });
    expect(names(await contacts.rename({ name: "Zoe", address: STRANGER }))).toEqual(["Ben", "Zoe"]);
    expect(names(await contacts.remove(BEN))).toEqual(["Zoe"]);
    await expect(contacts.remove(BEN)).rejects.toMatchObject({ code: "contact-unknown" });
    await expect(contacts.rename({ name: "Ben", address: BEN })).rejects.toMatchObject({
      code: "contact-unknown",
    });
  });

  test("have one name and one address each", async () => {
    const contacts = open();
    await contacts.add({ name: "Ben", address: BEN });
    await contacts.add({ name: "Ada", address: STRANGER });
    await expect(contacts.add({ name: "Benjamin", address: BEN })).rejects.toMatchObject({
      code: "contact-known",
      message: "This address is a contact already: Ben.",
    });
    await expect(contacts.add({ name: "Ben", address: TWIN })).rejects.toMatchObject({
      code: "contact-name-taken",
    });
    await expect(contacts.rename({ name: "Ben", address: STRANGER })).rejects.toMatchObject({
      code: "contact-name-taken",
    });
    expect(names(await contacts.rename({ name: "Ben", address: BEN }))).toEqual(["Ada", "Ben"]);
  });

  test("that are added at the same moment are all kept", async () => {
    const contacts = open();
    const address = (index: number) => toAddress(`0x${index.toString(16).padStart(40, "0")}`);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        contacts.add({ name: `No ${index}`, address: address(index + 1) }),
      ),
    );
    expect(await contacts.list()).toHaveLength(20);
  });

  test("are so many at most that they can still be looked through", async () => {
    const address = (index: number) => toAddress(`0x${(index + 1).toString(16).padStart(40, "0")}`);
    await contactsFile(folder).write({
      version: 1,
      contacts: Array.from({ length: MOST_CONTACTS }, (_, index) => ({
        name: `No ${index}`,
        address: address(index),
        addedAt: 1,
      })),
    });
    await expect(open().add({ name: "Ben", address: BEN })).rejects.toMatchObject({
      code: "too-many-contacts",
    });
  });

  test("in a damaged file are named as such, and the file is left as it is", async () => {
    const file = path.join(folder, "contacts.json");
    await writeFile(file, '{"version":1,"contacts":[{"name":"0x12345678","address":"nobody"}]}');
    const before = await readFile(file, "utf8");
    await expect(open().add({ name: "Ben", address: BEN })).rejects.toMatchObject({ code: "file-damaged" });
    expect(await readFile(file, "utf8")).toBe(before);
  });
});

describe("a check", () => {
  test("knows a contact by the address, and who was paid before", async () => {
    const contacts = open([BEN]);
    await contacts.add({ name: "Ben", address: BEN });
    expect(await contacts.check({ address: BEN })).toEqual({
      contact: { name: "Ben", address: BEN, addedAt: 7 },
      paidBefore: true,
      resemblances: [],
      mixedScripts: [],
    });
  });

  test("tells of an address that begins and ends like a contact's, whether it was paid before or not", async () => {
    for (const paid of [[], [TWIN]]) {
      const contacts = open(paid);
      if (paid.length === 0) await contacts.add({ name: "Ben", address: BEN });
      expect((await contacts.check({ address: TWIN })).resemblances).toEqual([
        { known: { name: "Ben", address: BEN }, likeness: "same-ends", otherScripts: [] },
      ]);
    }
  });

  test("tells of one that resembles an address that was paid before and has no name", async () => {
    expect((await open([BEN]).check({ address: TWIN })).resemblances).toEqual([
      { known: { address: BEN }, likeness: "same-ends", otherScripts: [] },
    ]);
  });

  test("tells of a name that is read as a contact's, and of mixed scripts", async () => {
    const contacts = open();
    await contacts.add({ name: "Ben Miller", address: BEN });
    expect(await contacts.check({ address: STRANGER, name: "Bеn Miller" })).toMatchObject({
      resemblances: [{ likeness: "looks-like-name", otherScripts: ["Cyrillic"] }],
      mixedScripts: ["Latin", "Cyrillic"],
    });
  });

  test("says nothing of strangers", async () => {
    const contacts = open([BEN]);
    await contacts.add({ name: "Ada", address: TWIN });
    expect(await contacts.check({ address: STRANGER, name: "Somebody" })).toEqual({
      paidBefore: false,
      resemblances: [],
      mixedScripts: [],
    });
  });
});
