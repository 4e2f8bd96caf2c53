import fc from "fast-check";
import { decodeQR } from "qr/decode.js";
import { describe, expect, test } from "vitest";
import { gatherLetter } from "#core/friends/gather.ts";
import { QR_PART_CHARACTERS } from "#core/friends/limits.ts";
import { anyLetter } from "#core/friends/testing/arbitraries.ts";
import { letterToQr, readLetter } from "#core/friends/wire.ts";
import { photograph, rgbaOf, type View } from "../../testing/qr-pictures.ts";

/** The largest code that the app shows: the longest part of a letter. */
const largest = "trivet://friend/1-8-0123abcd/".padEnd(QR_PART_CHARACTERS + 29, "Ab3_");

/** Always the same grain, so that a code that is read once is read always. */
function grain(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

const read = (text: string, view: Partial<View>) =>
  decodeQR(rgbaOf(photograph(text, { width: 900, height: 900, scale: 4, ...view })), { timeLimit: Infinity });

describe("the largest QR code that is shown is read", () => {
  // Nearly any angle: a code that stands on its corner is not found, and is turned by whoever holds it.
  test.each([0, 0.1, 0.4, 1.1, Math.PI / 2, 2, Math.PI, 5])("turned by %d", (turn) => {
    expect(read(largest, { turn })).toBe(largest);
  });

  test.each([3, 3.7, 5, 7])("with %d pixels for a module", (scale) => {
    expect(read(largest, { scale, turn: 0.05 })).toBe(largest);
  });

  test.each<[string, Partial<View>]>([
    ["pale", { contrast: 30 }],
    ["grainy", { noise: 70, random: grain(1) }],
    ["out of focus", { blur: 2.5 }],
    ["all of it at once", { turn: 0.2, scale: 5, contrast: 70, noise: 30, blur: 2.5, random: grain(2) }],
  ])("%s", (_, view) => {
    expect(read(largest, view)).toBe(largest);
  });
});

test("a letter comes back the same through photos of its QR codes", () => {
  const view = fc.record({
    quarters: fc.nat({ max: 3 }),
    turn: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
    scale: fc.double({ min: 3.5, max: 6, noNaN: true }),
    contrast: fc.integer({ min: 60, max: 120 }),
    blur: fc.double({ min: 1, max: 2.5, noNaN: true }),
  });
  fc.assert(
    fc.property(anyLetter, view, fc.nat(), (letter, { quarters, turn, ...seen }, seed) => {
      const codes = letterToQr(letter);
      if (!codes) return;
      const texts = codes
        .map((code) =>
          read(code, { ...seen, turn: turn + (quarters * Math.PI) / 2, noise: 20, random: grain(seed) }),
        )
        .reduce<readonly string[]>((held, text) => gatherLetter(held, text).texts, []);
      expect(readLetter(texts.join("\n"))).toEqual(letter);
    }),
    { numRuns: 10, seed: 7 },
  );
});
