import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLetter } from "../friends/testing/arbitraries.ts";
import { letterToLink, letterToQr } from "../friends/wire.ts";
import { accountLink } from "../joining/account-text.ts";
import { joinRequestText } from "../joining/request.ts";
import { toAddress } from "../primitives/address.ts";
import { linkAmong, readLink } from "./link.ts";

const account = toAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
const request = joinRequestText({
  request: { chainId: 1, account, device: account, name: "Laptop", until: 2_000_000_000 },
  signature: `0x${"11".repeat(65)}`,
});

describe("a link", () => {
  test("to a letter, or to one of its parts, is a letter's", () => {
    fc.assert(
      fc.property(anyLetter, (letter) => {
        const links = [letterToLink(letter), ...(letterToQr(letter) ?? [])].filter(
          (link) => link !== undefined,
        );
        for (const text of links) expect(readLink(text)).toEqual({ kind: "letter", text });
      }),
      { numRuns: 40 },
    );
  });

  test("to a joining request and to an account is known as such", () => {
    expect(readLink(request)).toEqual({ kind: "request", text: request });
    const link = accountLink(account, 1);
    expect(readLink(link)).toEqual({ kind: "account", text: link });
  });

  test.each([
    ["another scheme", `https://trivet.example/${request}`],
    ["nothing behind the scheme", "trivet:"],
    ["a kind that there is none of", "trivet://withdraw/0x?amount=1"],
    ["a letter that is none", "trivet://friend/AAAA"],
    ["a part whose number does not fit", "trivet://friend/3-2-00000000/AAAA"],
    ["a request that is not whole", request.slice(0, -2)],
    ["an address with a typing error", accountLink(account, 1).replace("5a", "5b")],
    ["two links", `${accountLink(account, 1)} ${accountLink(account, 1)}`],
    ["a line break", `${request}\n--no-sandbox`],
    ["more than any letter", `trivet://friend/${"A".repeat(17_000)}`],
    ["capitals in the scheme", request.replace("trivet", "Trivet")],
  ])("with %s is not known", (_, text) => {
    expect(readLink(text)).toEqual({ kind: "unknown" });
  });

  test("of any other text is not known", () => {
    const anything = fc.oneof(fc.string(), fc.webUrl(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(
        anything,
        fc.constantFrom("", "trivet:", "trivet://friend/", "trivet:join?"),
        (text, before) => {
          expect(readLink(before + text)).toEqual({ kind: "unknown" });
        },
      ),
    );
  });
});

test("the link that the app was started with is found among its other arguments", () => {
  expect(linkAmong(["trivet", "--flag=trivet:x", "--", "trivet://friend/x", "more"])).toBe(
    "trivet://friend/x",
  );
  expect(linkAmong(["trivet", "TRIVET:join?v=1"])).toBe("TRIVET:join?v=1");
  expect(linkAmong(["/opt/trivet/trivet", "--hidden"])).toBeUndefined();
});
