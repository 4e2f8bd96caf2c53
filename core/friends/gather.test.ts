import fc from "fast-check";
import { expect, test } from "vitest";
import { WalletError } from "../errors/wallet-error.ts";
import { gatherLetter } from "./gather.ts";
import type { Letter } from "./letters.ts";
import { anyLetter } from "./testing/arbitraries.ts";
import { letterToLink, letterToQr, readLetter } from "./wire.ts";

const inParts = (letter: Letter) => letterToQr(letter) ?? [];
/** Letters that take more than one QR code. */
const longLetter = anyLetter.filter((letter) => inParts(letter).length > 1);

/** The code of the error made for people that a scan ends with. */
function failure(held: readonly string[], scanned: string): string {
  try {
    gatherLetter(held, scanned);
  } catch (error) {
    if (error instanceof WalletError) return error.code;
    throw error;
  }
  throw new Error("it was taken");
}

test("the QR codes of a letter make it, in whatever order and however often they are read", () => {
  const scans = anyLetter
    .filter((letter) => inParts(letter).length > 0)
    .chain((letter) =>
      fc.tuple(
        fc.constant(letter),
        fc.shuffledSubarray(inParts(letter), { minLength: inParts(letter).length }),
        fc.array(fc.constantFrom(...inParts(letter))),
      ),
    );
  fc.assert(
    fc.property(scans, ([letter, once, before]) => {
      let held: readonly string[] = [];
      for (const scan of [...before, ...once]) {
        const gathered = gatherLetter(held, `${scan}\n`);
        expect(gathered.of).toBe(once.length);
        held = gathered.texts;
      }
      expect(held).toHaveLength(once.length);
      expect(readLetter(held.join("\n"))).toEqual(letter);
    }),
    { numRuns: 60 },
  );
});

test("a code of another letter is refused, and what was read before still counts", () => {
  fc.assert(
    fc.property(longLetter, longLetter, (letter, other) => {
      const [first = "", ...rest] = inParts(letter);
      const [foreign = ""] = inParts(other).slice(-1);
      fc.pre(foreign !== inParts(letter).at(-1));
      const { texts } = gatherLetter([], first);
      expect(failure(texts, foreign)).toMatch(/^letter-(several|unreadable)$/);
      expect(
        rest.reduce<readonly string[]>((held, part) => gatherLetter(held, part).texts, texts),
      ).toHaveLength(rest.length + 1);
    }),
    { numRuns: 40 },
  );
});

test("a part that was changed spoils the whole, until the right one is read", () => {
  fc.assert(
    fc.property(longLetter, (letter) => {
      const parts = inParts(letter);
      const [first = "", ...rest] = parts;
      const changed = first.endsWith("A") ? `${first.slice(0, -1)}B` : `${first.slice(0, -1)}A`;
      const held = rest
        .slice(0, -1)
        .reduce<readonly string[]>((texts, part) => gatherLetter(texts, part).texts, [changed]);
      const last = rest.at(-1) ?? "";
      expect(failure(held, last)).toBe("letter-unreadable");
      const mended = parts.length === 2 ? [] : gatherLetter(held, first).texts;
      expect(
        [first, last].reduce<readonly string[]>((texts, part) => gatherLetter(texts, part).texts, mended),
      ).toHaveLength(parts.length);
    }),
    { numRuns: 40 },
  );
});

test("whatever else a code holds is refused with an error for people", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `trivet://friend/${text}`),
      ),
      (text) => {
        expect(failure([], text)).toMatch(/^letter-/);
      },
    ),
  );
  expect(failure([], "trivet://friend/3-2-00000000/AAAA")).toBe("letter-unreadable");
  expect(failure([], "trivet://friend/0-2-00000000/AAAA")).toBe("letter-unreadable");
});

test("a letter of one code needs no other, whatever came before", () => {
  fc.assert(
    fc.property(longLetter, anyLetter, (other, letter) => {
      const link = letterToLink(letter);
      fc.pre(link !== undefined);
      expect(gatherLetter(inParts(other).slice(0, 1), link)).toEqual({ texts: [link], of: 1 });
    }),
    { numRuns: 30 },
  );
});
