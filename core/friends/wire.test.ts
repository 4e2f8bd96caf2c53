import { base64urlnopad } from "@scure/base";
import fc from "fast-check";
import { stringToBytes } from "viem/utils";
import { describe, expect, test } from "vitest";
import { WalletError } from "../errors/wallet-error.ts";
import { letterToJson } from "./letters.ts";
import { MOST_LETTER_CHARACTERS, QR_PART_CHARACTERS } from "./limits.ts";
import { anyLetter } from "./testing/arbitraries.ts";
import { letterToFile, letterToLink, letterToQr, readLetter } from "./wire.ts";

const invitation = {
  trivet: "friend",
  version: 1,
  kind: "invitation",
  domain: { chainId: 31337, implementation: `0x${"11".repeat(20)}` },
  account: `0x${"22".repeat(20)}`,
  from: "Ana",
  createdAt: 1_000,
  expiresAt: 2_000,
  role: "recovery",
  hidden: true,
  challenge: `0x${"33".repeat(32)}`,
};
const linkOf = (json: unknown) =>
  `trivet://friend/${base64urlnopad.encode(stringToBytes(JSON.stringify(json)))}`;

/** What reading a text comes to: a letter, or the code of an error that is made for people. */
function outcome(text: string): string {
  try {
    return readLetter(text).kind;
  } catch (error) {
    if (error instanceof WalletError) return error.code;
    throw error;
  }
}

describe("a letter", () => {
  test("comes back the same from a file, a link and QR codes in any order", () => {
    fc.assert(
      fc.property(anyLetter, fc.nat(), (letter, turn) => {
        expect(readLetter(letterToFile(letter))).toEqual(letter);
        const link = letterToLink(letter);
        if (link) expect(readLetter(`  ${link}\n`)).toEqual(letter);
        const parts = letterToQr(letter);
        if (!parts) return;
        for (const part of parts) expect(part.length).toBeLessThan(QR_PART_CHARACTERS + 40);
        const turned = [...parts.slice(turn % parts.length), ...parts.slice(0, turn % parts.length)];
        expect(readLetter([...turned, ...turned.slice(0, 1)].join("\n"))).toEqual(letter);
      }),
      { numRuns: 60 },
    );
  });

  test("is read in full or not at all: whatever is lost or changed in it gives an error for people", () => {
    fc.assert(
      fc.property(anyLetter, fc.nat(), fc.nat(), fc.string({ maxLength: 3 }), (letter, at, length, put) => {
        for (const text of [letterToFile(letter), letterToLink(letter) ?? ""]) {
          const start = at % Math.max(1, text.length);
          const broken = text.slice(0, start) + put + text.slice(start + (length % 40));
          expect(typeof outcome(broken)).toBe("string");
        }
      }),
      { numRuns: 150 },
    );
  });

  test("cannot be anything else: whatever is pasted gives an error for people", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.json().map(linkOf)), (text) => {
        expect(outcome(text)).toMatch(/^letter-/);
      }),
      { numRuns: 200 },
    );
  });

  test("is not read where it is longer than any letter", () => {
    expect(outcome(" ".repeat(MOST_LETTER_CHARACTERS + 1))).toBe("letter-too-large");
  });

  test("of a later version says so", () => {
    expect(outcome(JSON.stringify({ trivet: "friend", version: 3, kind: "poem" }))).toBe("letter-newer");
  });

  test.each([
    ["a field more", { ...invitation, note: "trust me" }],
    ["a name that hides characters", { ...invitation, from: "Ana\u202e" }],
    ["a name that reads as an address", { ...invitation, from: "0x1234" }],
    ["an end before its beginning", { ...invitation, expiresAt: 999 }],
    ["a wrong checksum", { ...invitation, account: "0xFB6916095ca1df60bB79Ce92cE3Ea74c37c5d359" }],
    ["a device key's role", { ...invitation, role: "device" }],
    ["no challenge", { ...invitation, challenge: "0x33" }],
  ])("is refused with %s", (_what, json) => {
    expect(outcome(JSON.stringify(invitation))).toBe("invitation");
    expect(outcome(JSON.stringify(json))).toBe("letter-unreadable");
    expect(outcome(linkOf(json))).toBe("letter-unreadable");
  });

  test("that asks for a signature is about its own account and no other", () => {
    const operation = { kind: "lock", account: `0x${"44".repeat(20)}`, nonce: "0" };
    const { hidden: _hidden, challenge: _challenge, ...header } = invitation;
    const request = { ...header, kind: "request", reason: "", needed: 1, keys: [] };
    const own = { ...operation, account: invitation.account };
    expect(outcome(JSON.stringify({ ...request, operation: own }))).toBe("request");
    expect(outcome(JSON.stringify({ ...request, operation }))).toBe("letter-unreadable");
  });

  test("in parts says how many are missing, and does not mix two letters", () => {
    const { hidden: _hidden, challenge: _challenge, ...header } = invitation;
    const keys = Array.from({ length: 12 }, () => ({
      signer: invitation.account,
      salt: invitation.challenge,
    }));
    const operation = { kind: "lock", account: invitation.account, nonce: "0" };
    const long = { ...header, kind: "request", reason: "", needed: 1, keys, operation };
    const parts = letterToQr(readLetter(JSON.stringify(long))) ?? [];
    const others = letterToQr(readLetter(JSON.stringify({ ...long, needed: 2 }))) ?? [];
    expect(parts.length).toBeGreaterThan(2);
    expect(outcome(parts.slice(1).join(" "))).toBe("letter-incomplete");
    expect(outcome([...parts.slice(1), others[0]].join(" "))).toBe("letter-several");
    expect(outcome(`${linkOf(invitation)} ${linkOf({ ...invitation, hidden: false })}`)).toBe(
      "letter-several",
    );
  });

  test("in parts is put together of its own parts and no others, whatever stands between them", () => {
    const { hidden: _hidden, challenge: _challenge, ...header } = invitation;
    const keys = Array.from({ length: 12 }, () => ({
      signer: invitation.account,
      salt: invitation.challenge,
    }));
    const operation = { kind: "lock", account: invitation.account, nonce: "0" };
    const letter = readLetter(
      JSON.stringify({ ...header, kind: "request", reason: "", needed: 1, keys, operation }),
    );
    const parts = letterToQr(letter) ?? [];
    const [first = "", ...rest] = parts;
    const count = String(parts.length);
    const numbered = (number: string, of = count) => first.replace(`/1-${count}-`, `/${number}-${of}-`);
    const changed = first.endsWith("A") ? `${first.slice(0, -1)}B` : `${first.slice(0, -1)}A`;
    const cases: readonly (readonly [string, readonly string[], string])[] = [
      ["every part twice", [...parts, ...parts], "request"],
      ["another total", [numbered("1", String(parts.length + 1)), ...rest], "letter-several"],
      ["a total of nothing", [numbered("1", "0"), ...rest], "letter-unreadable"],
      ["a part before the first", [numbered("0"), ...parts], "letter-unreadable"],
      ["a part behind the last", [numbered("9"), ...parts], "letter-unreadable"],
      ["a number that is written in another way", [numbered("01"), ...rest], "letter-unreadable"],
      ["the data of one in the place of another", [...parts, numbered("2")], "letter-unreadable"],
      ["a part that was changed behind the right one", [...parts, changed], "letter-unreadable"],
      ["a part without data", [first.slice(0, first.lastIndexOf("/") + 1), ...rest], "letter-unreadable"],
      ["a whole letter among the parts", [...parts, linkOf(invitation)], "letter-unreadable"],
      ["parts behind a whole letter", [linkOf(invitation), ...parts], "letter-several"],
      ["ten thousand parts", Array<string>(10_000).fill(first), "letter-too-large"],
      ["as many parts as are read at all", Array<string>(80).fill(first), "letter-incomplete"],
    ];
    for (const [what, texts, comes] of cases)
      expect([what, outcome(texts.join("\n"))]).toEqual([what, comes]);
  });

  test("is read from one text only: what decodes to the same bytes in another way is refused", () => {
    const link = linkOf(invitation);
    for (const other of [
      `${link}=`,
      `${link}==`,
      link.replace("trivet:", "TRIVET:"),
      link.replace("friend/", "friend//"),
      `${link}\u0000`,
      `${link}#`,
    ]) {
      expect(outcome(other)).toBe("letter-unreadable");
    }
    const spare = { ...invitation, from: "Anas" };
    const texts = [linkOf(invitation), linkOf(spare), linkOf({ ...spare, from: "Anass" })];
    for (const text of texts) {
      const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
      const same = letters.filter((last) => outcome(text.slice(0, -1) + last) === "invitation");
      expect(same).toEqual([text.at(-1)]);
    }
  });

  test("that is too long for links and QR codes goes as a file", () => {
    const calls = [{ target: invitation.account, value: "0", data: `0x${"ab".repeat(9_000)}` }];
    const { hidden: _hidden, challenge: _challenge, ...header } = invitation;
    const operation = { kind: "execute", account: invitation.account, calls, nonce: "0" };
    const long = { ...header, kind: "request", reason: "", needed: 1, keys: [], operation };
    const letter = readLetter(JSON.stringify(long));
    expect([letterToLink(letter), letterToQr(letter)]).toEqual([undefined, undefined]);
    expect(letterToJson(readLetter(letterToFile(letter)))).toEqual(letterToJson(letter));
  });
});
