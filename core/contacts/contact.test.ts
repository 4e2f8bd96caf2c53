import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zContact, zContactName } from "./contact.ts";

const problemOf = (name: string) => zContactName.safeParse(name).error?.issues[0]?.message;

describe("a contact's name", () => {
  it("is kept in one form, with single spaces", () => {
    expect(zContactName.parse("  Chloe\u0301 \n Lefèvre ")).toBe("Chloé Lefèvre");
  });

  it.each(["Ben", "محمد علي", "می\u200cخواهم", "👩\u200d👩\u200d👧", "O'Brien & Sons", "A", "0 of 3"])(
    "may be %s",
    (name) => {
      expect(zContactName.parse(name)).toBe(name.normalize("NFC"));
    },
  );

  it.each([
    ["nothing", "", "Type a name."],
    ["spaces only", " \u00a0 ", "Type a name."],
    ["what is not seen only", "\u200d\ufe0f", "Type a name."],
    ["more than 40 characters", "x".repeat(41), "A name has at most 40 characters."],
    ["a direction mark", "Ben\u202exe.fdp", "characters that cannot be seen"],
    ["a space of no width", "Be\u200bn", "characters that cannot be seen"],
    ["a control character", "Ben\u0007", "characters that cannot be seen"],
    ["half a character", "Ben\ud83d", "characters that cannot be seen"],
    ["marks piled up", `Be${"\u0336\u0337".repeat(3)}n`, "too many marks"],
    ["an address", "0x5aAe…eAed", "reads as an address"],
  ])("is not %s", (_what, name, problem) => {
    expect(problemOf(name)).toContain(problem);
  });

  it("counts characters as people do, not as they are stored", () => {
    expect(problemOf("🙂".repeat(40))).toBeUndefined();
    expect(problemOf("🙂".repeat(41))).toContain("at most 40");
  });

  it("stays what it is when it is read again, whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const once = zContactName.safeParse(text);
        if (once.success) expect(zContactName.parse(once.data)).toBe(once.data);
        else expect(once.error.issues[0]?.message).toMatch(/\.$/);
      }),
    );
  });
});

it("a contact needs a whole address", () => {
  const contact = { name: "Ben", address: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", addedAt: 1 };
  expect(zContact.parse(contact)).toEqual(contact);
  expect(
    zContact.safeParse({ ...contact, address: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD" }).success,
  ).toBe(false);
});
