import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyId } from "../keys/key.ts";
import { CHANGES } from "../operations/changes.ts";
import { changeWords } from "../operations/change-words.ts";
import { zChange } from "../operations/change-wish.ts";
import { toAddress } from "../primitives/address.ts";
import { anyOperation } from "../testing/arbitraries.ts";
import { type ChangeMade, changeMade } from "../watch/facts.ts";
import { amountText, changeText, hoursText, type Names } from "./words.ts";

const TUSD = {
  address: toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
  symbol: "TUSD",
  name: "Trivet Dollar",
  decimals: 6,
};
const names: Names = {
  token: (address) => (address === TUSD.address ? TUSD : undefined),
  person: () => undefined,
  role: () => undefined,
  friend: () => undefined,
};

describe("a sentence", () => {
  it("says something of every change, of what happened and of what is to happen", () => {
    fc.assert(
      fc.property(anyOperation, (operation) => {
        const { data: change } = zChange.safeParse(operation);
        if (!change) return;
        const number = CHANGES.findIndex(({ kind }) => kind === change.kind);
        const made = changeMade(number, changeWords(change));
        if (!made) throw new Error("the words of a change are its own");
        const [done, asked] = [changeText(made, names, "done"), changeText(made, names, "asked")];
        expect(done).toMatch(/^[A-Z]/);
        expect(asked).toMatch(/^[a-z]/);
        expect(`${done} ${asked}`).not.toMatch(/undefined|NaN/);
        if (change.kind === "addKey") expect(done).toContain(keyId(change.key).slice(0, 8));
      }),
    );
  });

  it.each([
    [0, "never"],
    [0b1, "00:00 to 01:00"],
    [0b11 | (1 << 23), "23:00 to 02:00"],
    [0b101, "00:00 to 01:00 and 02:00 to 03:00"],
    [2 ** 24 - 1, "all day"],
  ])("names the hours of the mask %i", (mask, text) => {
    expect(hoursText(mask)).toBe(text);
  });

  it("names an amount in its token's unit, and in raw units where the token is not known", () => {
    expect(amountText(TUSD.address, "1500000", names)).toBe("1.5 TUSD");
    expect(amountText(TUSD.address, "1000000000", names)).toBe("1,000 TUSD");
    expect(amountText(`0x${"11".repeat(20)}`, "7", names)).toBe("7 units of the token 0x111111…111111");
  });

  it("calls people as the person does, and a key by the friend who holds it", () => {
    const person = toAddress(`0x${"be".repeat(20)}`);
    const key = `0x${"b1".repeat(32)}`;
    const known: Names = {
      ...names,
      person: (address) => (address === person ? "Ben" : undefined),
      role: () => "recovery",
      friend: (id) => (id === key ? "Ben" : undefined),
    };
    const say = (kind: ChangeMade["kind"], fields: ChangeMade["fields"]) =>
      changeText({ kind, fields }, known, "done");
    expect([
      say("setAllowlisted", { recipient: person, allowed: true }),
      say("addKey", { role: "recovery", key }),
      say("addKey", { role: "recovery", key: `0x${"c1".repeat(32)}` }),
      say("removeKey", { key }),
    ]).toEqual([
      "Allowed withdrawals by a device key alone to Ben",
      "Added a Recovery key of Ben",
      "Added a Recovery key, 0xc1c1c1…c1c1c1",
      "Removed the Recovery key of Ben",
    ]);
  });

  it("says of a name that only the token itself gives that it is its own word", () => {
    const own: Names = { ...names, token: () => ({ symbol: "USDC", decimals: 6, ownWord: true }) };
    expect(amountText(`0x${"11".repeat(20)}`, "1000000000", own)).toBe(
      "1,000 USDC (so the token 0x111111…111111 calls itself)",
    );
  });
});
