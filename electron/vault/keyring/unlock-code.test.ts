import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newUnlockSecret, readUnlockCode, writeUnlockCode } from "./unlock-code.ts";

const ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
const zSecret = fc.uint8Array({ minLength: 16, maxLength: 16 });
const mistyped = expect.objectContaining({ code: "unlock-code-mistyped" }) as Error;

describe("an unlock code", () => {
  test("is read as it was written, however it is typed", () => {
    fc.assert(
      fc.property(zSecret, (secret) => {
        const code = writeUnlockCode(secret);
        expect(code).toMatch(/^([A-Z0-9]{4}-){7}[A-Z0-9]{4}$/);
        for (const typed of [
          code,
          code.toLowerCase(),
          ` ${code.replaceAll("-", " ")}\n`,
          code.replaceAll("-", ""),
        ])
          expect(readUnlockCode(typed)).toEqual(secret);
      }),
    );
  });

  test("with one character mistyped is none", () => {
    fc.assert(
      fc.property(
        zSecret,
        fc.nat(31),
        fc.constantFrom(...Array.from(ALPHABET)),
        (secret, position, character) => {
          const letters = Array.from(writeUnlockCode(secret).replaceAll("-", ""));
          fc.pre(letters[position] !== character);
          letters[position] = character;
          expect(() => readUnlockCode(letters.join(""))).toThrow(mistyped);
        },
      ),
    );
  });

  test("cut off, too long or of other characters is none, and the error does not repeat it", () => {
    const code = writeUnlockCode(newUnlockSecret());
    for (const typed of ["", code.slice(0, -1), `${code}Q`, code.replace(/^./, "B"), "hunter2"])
      expect(() => readUnlockCode(typed)).toThrow(mistyped);
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (typed) => {
        try {
          readUnlockCode(typed);
        } catch (error) {
          expect(error).toEqual(mistyped);
          expect(error).toHaveProperty("cause", undefined);
        }
      }),
    );
  });

  test("is another each time", () => {
    expect(newUnlockSecret()).not.toEqual(newUnlockSecret());
  });
});
