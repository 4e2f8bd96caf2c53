import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyAddress } from "../testing/arbitraries.ts";
import { toAddress } from "../primitives/address.ts";
import type { Contact } from "./contact.ts";
import { lookAlikes } from "./look-alikes.ts";
import { figures, figuresTable } from "./testing/figures.ts";
import { addressOf } from "./testing/labelled-set.ts";

const BEN: Contact = {
  name: "Ben Miller",
  address: toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
  addedAt: 0,
};
const STRANGER = addressOf("a stranger");
const likenessOf = (name: string) =>
  lookAlikes({ address: STRANGER, name }, [BEN]).map(({ likeness }) => likeness);

describe("look-alikes in the labelled set", () => {
  const rows = figures();

  it("are found, and strangers left in peace, as often as the README says", () => {
    const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
    // As the formatter aligns it.
    expect(readme.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---")).toContain(
      figuresTable(rows).replaceAll("|---|---|", "| --- | --- |"),
    );
  });

  it("warn of no honest stranger, and miss at most one imitation in twenty but for names one letter off", () => {
    expect(rows.filter(({ imitations }) => !imitations).every(({ right, total }) => right === total)).toBe(
      true,
    );
    const imitations = rows.filter(({ imitations, group }) => imitations && group !== "one letter off");
    for (const { group, right, total } of imitations) {
      const [, first, last] = /same (\d) first and (\d) last/.exec(group) ?? [];
      const isFarOff = first !== undefined && Number(first) + Number(last) < 6;
      if (!isFarOff) expect(right / total, group).toBeGreaterThan(0.94);
    }
  });
});

describe("an address", () => {
  const digits = BEN.address.slice(2).toLowerCase();
  const other = addressOf("the middle").slice(2).toLowerCase();
  const withEnds = (first: number, last: number) =>
    toAddress(`0x${digits.slice(0, first)}${other.slice(first, 40 - last)}${digits.slice(40 - last)}`);

  it("is a look-alike from six equal digits at its ends on, wherever they are", () => {
    for (const [first, last] of [
      [6, 0],
      [0, 6],
      [3, 3],
      [5, 1],
    ] as const) {
      expect(lookAlikes({ address: withEnds(first, last) }, [BEN])).toEqual([
        { contact: BEN, likeness: "same-ends", otherScripts: [] },
      ]);
    }
    expect(lookAlikes({ address: withEnds(3, 2) }, [BEN])).toEqual([]);
    expect(lookAlikes({ address: withEnds(5, 0) }, [BEN])).toEqual([]);
  });

  it("that differs in up to twelve digits is one, whatever its ends are", () => {
    const changed = (count: number) =>
      toAddress(
        `0x${Array.from(digits, (digit, place) => (place % 3 === 0 && place / 3 < count ? flipped(digit) : digit)).join("")}`,
      );
    expect(lookAlikes({ address: changed(12) }, [BEN])[0]?.likeness).toBe("few-digits-differ");
    expect(lookAlikes({ address: changed(13) }, [BEN])).toEqual([]);
  });

  it("of a contact is that contact, under whatever name and whoever else it resembles", () => {
    const twin: Contact = { name: "Ben's twin", address: withEnds(4, 4), addedAt: 0 };
    expect(lookAlikes({ address: BEN.address, name: "Somebody" }, [BEN, twin])).toEqual([]);
  });

  it("never makes the check fail, and is never a look-alike of nobody", () => {
    fc.assert(
      fc.property(anyAddress, fc.string({ unit: "binary", maxLength: 60 }), (address, name) => {
        expect(lookAlikes({ address, name }, [])).toEqual([]);
        for (const { contact } of lookAlikes({ address, name }, [BEN])) expect(contact).toBe(BEN);
      }),
    );
  });
});

describe("a name", () => {
  it("of a contact at another address is told, in whatever case and with whatever between its words", () => {
    expect(likenessOf("ben-miller")).toEqual(["same-name"]);
    expect(likenessOf("BEN MILLER")).toEqual(["same-name"]);
  });

  it("of letters that only look the same is told, with the script they are from", () => {
    expect(lookAlikes({ address: STRANGER, name: "Bеn Мiller" }, [BEN])).toEqual([
      { contact: BEN, likeness: "looks-like-name", otherScripts: ["Cyrillic"] },
    ]);
    expect(likenessOf("Ben Mi1ler")).toEqual(["looks-like-name"]);
    expect(likenessOf("Ben\u200d Miller")).toEqual(["looks-like-name"]);
  });

  it("with one letter off inside a long word is told, at the word's ends and in short words not", () => {
    expect(likenessOf("Ben Miler")).toEqual(["similar-name"]);
    expect(likenessOf("Ben Mililer")).toEqual(["similar-name"]);
    expect(likenessOf("Ben Mlliler")).toEqual([]);
    expect(likenessOf("Ben Millers")).toEqual([]);
    expect(likenessOf("Ben Tiller")).toEqual([]);
    expect(likenessOf("Bon Miller")).toEqual([]);
    expect(likenessOf("Bon Miler")).toEqual([]);
    expect(likenessOf("Miller")).toEqual([]);
  });

  it("with two letters swapped is told", () => {
    expect(likenessOf("Ben Milelr")).toEqual(["similar-name"]);
  });

  it("of nothing but signs is compared by them", () => {
    const star: Contact = { ...BEN, name: "**" };
    const found = (name: string) => lookAlikes({ address: STRANGER, name }, [star]).length;
    expect([found("**"), found("***"), found("?")]).toEqual([1, 0, 0]);
  });
});

const flipped = (digit: string): string => (digit === "0" ? "f" : "0");
