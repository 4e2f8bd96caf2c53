import fc from "fast-check";
import { keccak256, stringToBytes } from "viem/utils";
import { describe, expect, test } from "vitest";
import { toAddress } from "../primitives/address.ts";
import type { FactorId } from "../primitives/hex.ts";
import { factorId } from "./factors.ts";
import {
  accountEntry,
  factorEntry,
  findOpeningProblem,
  openEntries,
  type OpenedRecord,
  type Person,
  RECORD_FACTOR_TYPES,
  recordEntries,
  sortEntries,
  zOpenedRecord,
} from "./opened-record.ts";

const CHAIN = 31337;
const ACCOUNT = toAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
const OTHER = toAddress(`0x${"11".repeat(20)}`);
const ada: Person = { issuer: "issuer", sub: "ada" };
const eve: Person = { issuer: "issuer", sub: "eve" };
const wallet = { type: "wallet", id: `0x${"ab".repeat(20)}` } as const;
const record: OpenedRecord = {
  account: ACCOUNT,
  factors: [{ type: "email", id: "email-1" }, { type: "totp", id: "totp-1" }, wallet],
};
const registered = () => recordEntries(record, ada, CHAIN);

describe("the entries of a record", () => {
  test("are the account's, by chain and lower-case address", () => {
    const text = `account|31337|${ACCOUNT.toLowerCase()}`;
    expect(accountEntry(CHAIN, ACCOUNT)).toBe(keccak256(stringToBytes(text)));
    expect(accountEntry(1, ACCOUNT)).not.toBe(accountEntry(CHAIN, ACCOUNT));
  });

  test("are the authenticator's factors, by issuer, user, type and id", () => {
    const entry = factorEntry({ type: "totp", id: "totp-1" }, ada);
    expect(entry).toBe(factorId({ ...ada, type: "totp", id: "totp-1" }));
    expect(entry).toBe(keccak256(stringToBytes("issuer|ada|totp|totp-1")));
  });

  test("are wallets, by their address alone: no authenticator can vouch for one", () => {
    expect(factorEntry(wallet, ada)).toBe(keccak256(stringToBytes(`wallet|eip155|wallet|${wallet.id}`)));
    expect(factorEntry(wallet, ada)).toBe(factorEntry(wallet, eve));
  });

  test("come ascending, by value and not by spelling", () => {
    expect(registered()).toHaveLength(4);
    expect(registered()).toEqual(sortEntries(registered().reverse()));
    const odd = [`0x${"B".repeat(64)}`, `0x${"a".repeat(64)}`] as FactorId[];
    expect(sortEntries(odd)).toEqual([...odd].reverse());
  });

  test("never coincide, whatever the ids are", () => {
    const part = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes("|"));
    const factor = fc.record({ type: fc.constantFrom(...RECORD_FACTOR_TYPES), id: part });
    fc.assert(
      fc.property(factor, factor, part, (a, b, sub) => {
        const person = { issuer: "issuer", sub };
        const isSame = a.type === b.type && a.id === b.id;
        expect(factorEntry(a, person) === factorEntry(b, person)).toBe(isSame);
        expect(factorEntry(a, person)).not.toBe(accountEntry(CHAIN, ACCOUNT));
      }),
    );
  });
});

describe("an opened record", () => {
  test("fits when it is exactly what is registered, in any order and spelling", () => {
    expect(findOpeningProblem(registered(), record, ada, CHAIN)).toBeUndefined();
    const turned = { ...record, factors: [...record.factors].reverse() };
    const shouted = registered().map((entry) => `0x${entry.slice(2).toUpperCase()}` as FactorId);
    expect(findOpeningProblem(shouted, turned, ada, CHAIN)).toBeUndefined();
  });

  test.each<[string, string, OpenedRecord, Person, number]>([
    [
      "is somebody else's",
      "factor-not-registered",
      { ...record, factors: record.factors.slice(0, 2) },
      eve,
      CHAIN,
    ],
    ["is another account's", "other-account", { ...record, account: OTHER }, ada, CHAIN],
    ["is another chain's", "other-account", record, ada, 1],
    ["lacks a factor", "record-not-opened", { ...record, factors: record.factors.slice(1) }, ada, CHAIN],
    [
      "has one too many",
      "record-not-opened",
      { ...record, factors: [...record.factors, { type: "sms", id: "s" }] },
      ada,
      CHAIN,
    ],
    [
      "has another one",
      "record-not-opened",
      { ...record, factors: [...record.factors.slice(1), { type: "sms", id: "s" }] },
      ada,
      CHAIN,
    ],
    ["knows only the wallet", "record-not-opened", record, eve, CHAIN],
  ])("does not fit when it %s (%s)", (_what, problem, opened, person, chain) => {
    expect(findOpeningProblem(registered(), opened, person, chain)).toBe(problem);
  });

  test("does not fit a registry that holds nothing", () => {
    expect(findOpeningProblem([], record, ada, CHAIN)).toBe("factor-not-registered");
  });

  test("parses to itself", () => {
    expect(zOpenedRecord.parse(record)).toEqual(record);
  });

  const passkey = (id: string) => ({ type: "passkey", id });
  const many = (count: number) => Array.from({ length: count }, (_, index) => passkey(`passkey-${index}`));
  const complaints = (factors: unknown) => {
    const parsed = zOpenedRecord.safeParse({ account: ACCOUNT, factors });
    return parsed.error?.issues.map(({ message }) => message) ?? [];
  };

  test("takes as many factors as the registry has room for beside the account, and ids of 128 characters", () => {
    expect(complaints(many(31))).toEqual([]);
    expect(complaints(many(32))).toHaveLength(1);
    expect(complaints([passkey("x".repeat(128))])).toEqual([]);
    expect(complaints([passkey("x".repeat(129))])).toHaveLength(1);
  });

  test.each<[string, unknown[], string[]]>([
    ["no factor", [], []],
    ["a factor of no kind", [{ type: "tattoo", id: "1" }], []],
    ["a factor without an id", [passkey("")], []],
    ["a field too many", [{ ...passkey("1"), issuer: "issuer" }], []],
    ["an id that could be taken for two parts", [passkey("a|b")], ['must not contain "|"']],
    ["an id that ends in a bar", [passkey("a|")], ['must not contain "|"']],
    ["a factor twice", [wallet, passkey("1"), wallet], ["each factor once"]],
    ...[`0x${"AB".repeat(20)}`, `0x${"ab".repeat(21)}`, `0x${"ab".repeat(19)}`, `x${wallet.id}`, "1"].map(
      (id) =>
        [
          `a wallet called ${id}`,
          [{ type: "wallet", id }],
          ["a wallet's id is its address in lower case"],
        ] satisfies [string, unknown[], string[]],
    ),
  ])("is not parsed with %s", (_what, factors, messages) => {
    expect(complaints(factors)).not.toEqual([]);
    expect(complaints(factors)).toEqual(expect.arrayContaining(messages));
  });

  test("holds two factors of one kind, and two kinds of one id", () => {
    expect(complaints([passkey("1"), passkey("2"), { type: "totp", id: "1" }])).toEqual([]);
  });

  test("is not parsed for what is no account, nor with fields that it does not know", () => {
    expect(zOpenedRecord.safeParse({ ...record, account: "0x12" }).success).toBe(false);
    expect(zOpenedRecord.safeParse({ ...record, gate: "0x12" }).success).toBe(false);
  });
});

describe("a record whose preimages were lost", () => {
  const has = [...record.factors, { type: "passkey", id: "passkey-of-another-record" } as const];
  const open = (candidates = has, account = ACCOUNT, person = ada) =>
    openEntries(registered(), candidates, account, { person, chainId: CHAIN });

  test("is opened by what the person has, and no more than it holds", () => {
    expect(open()).toEqual(record);
  });

  test("stays closed when an entry is left, or when it is another account's or somebody else's", () => {
    expect(open(has.slice(1))).toBeUndefined();
    expect(open(has, OTHER)).toBeUndefined();
    expect(open(has, ACCOUNT, eve)).toBeUndefined();
    expect(open([])).toBeUndefined();
  });
});
