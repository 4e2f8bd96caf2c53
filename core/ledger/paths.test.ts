import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCOUNT_PATH, PATH_SCHEMES, readLedgerPath, schemePath, USUAL_PATHS, zLedgerPath } from "./paths.ts";

describe("a path that a person typed", () => {
  it.each([
    ["44'/60'/0'/0/0", "44'/60'/0'/0/0"],
    [" m/44h/60H/2'/0/7 ", "44'/60'/2'/0/7"],
    ["44’/60’/0’/3", "44'/60'/0'/3"],
    ["45'/1", "45'/1"],
  ])("%s is read as %s", (text, path) => {
    expect(readLedgerPath(text)).toEqual({ path });
  });

  it.each([
    ["", /Write it like/],
    ["44'/60'/x", /Write it like/],
    ["44'/60'/0'//0", /Write it like/],
    ["44'/60'/-1", /Write it like/],
    ["44'/60'/007", /Write it like/],
    ["44'/60'/2147483648", /Write it like/],
    ["44'/60'", /below 44'\/60'/],
    ["44/60'/0'/0/0", /below 44'\/60'/],
    ["44'/0'/0'/0/0", /below 44'\/60'/],
    ["49'/60'/0'", /below 44'\/60'/],
    [`44'/60'${"/1".repeat(9)}`, /at most 10 levels/],
  ])("%s is refused with a sentence", (text, words) => {
    expect(readLedgerPath(text)).toEqual({ problem: expect.stringMatching(words) });
  });

  it("is written in one way only, and read again as it is written", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(0x7fff_ffff), fc.boolean()), { minLength: 1, maxLength: 8 }),
        (levels) => {
          const text = ["44'", "60'", ...levels.map(([n, hard]) => `${n}${hard ? "'" : ""}`)].join("/");
          expect(readLedgerPath(text)).toEqual({ path: text });
          expect(readLedgerPath(`m/${text.replaceAll("'", "h")}`)).toEqual({ path: text });
          expect(zLedgerPath.parse(text)).toBe(text);
        },
      ),
    );
  });

  it("crosses no border in another way of writing", () => {
    expect(zLedgerPath.safeParse("m/44'/60'/0'/0/0").success).toBe(false);
  });
});

it("the usual paths are paths, each once, and begin with the one of Ledger's own software", () => {
  expect(USUAL_PATHS[0]).toBe(ACCOUNT_PATH);
  expect(new Set(USUAL_PATHS).size).toBe(USUAL_PATHS.length);
  for (const path of USUAL_PATHS) expect(zLedgerPath.safeParse(path).success).toBe(true);
  for (const scheme of PATH_SCHEMES) expect(USUAL_PATHS).toContain(schemePath(scheme, 4));
});
