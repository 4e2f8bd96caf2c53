import { describe, expect, test } from "vitest";
import { AccountDescriptionError, deviceNames, MOST_THINGS, parseAccount, thingsOf } from "./account.ts";

const complaint = (description: unknown): string => {
  try {
    parseAccount(description);
  } catch (error) {
    if (error instanceof AccountDescriptionError) return error.message;
    throw error;
  }
  return "nothing";
};

describe("an account description", () => {
  test("may leave everything out: the account that Trivet makes", () => {
    expect(parseAccount({})).toEqual({
      profile: "default",
      credentials: "social-login",
      methods: [],
      devices: 1,
      mfa: { holder: "network" },
      recovery: { holder: "network" },
      settings: { recoveryDelayDays: 7, singleKeyDelayDays: 7, overrideDelayDays: 0, singleKeyRoles: [] },
      frozen: "no",
      places: [],
      chances: {},
    });
  });

  test("names the things an account hangs on, in one order, each once", () => {
    const account = parseAccount({
      devices: 3,
      methods: ["W", "A"],
      mfa: { holder: "ledger" },
      recovery: { holder: "friends", names: ["Ann", "Ben", "Ledger"], threshold: 2 },
      emergencyAddress: "Exchange",
    });
    expect(deviceNames(account)).toEqual(["D", "D2", "D3"]);
    expect(thingsOf(account)).toEqual([
      "D",
      "D2",
      "D3",
      "C",
      "E",
      "A",
      "W",
      "Ledger",
      "Ann",
      "Ben",
      "Exchange",
    ]);
    const others = parseAccount({
      credentials: "none",
      mfa: { holder: "passkey" },
      recovery: { holder: "safe", owners: ["Cem", "Dee"], threshold: 2 },
    });
    expect(thingsOf(others)).toEqual(["D", "E", "Passkey key", "Cem", "Dee"]);
  });

  test("gives places a kind and keeps their own chances", () => {
    const chances = { lost: 0.1, leaked: 0, stolen: 0.2 };
    const { places } = parseAccount({ methods: ["S"], places: [{ name: "phone", holds: ["S"], chances }] });
    expect(places).toEqual([{ name: "phone", kind: "other", holds: ["S"], chances }]);
  });

  test.each([
    ["a field it does not know", { nonsense: 1 }, /nonsense/],
    ["a method twice", { methods: ["A", "A"] }, /methods: each method once/],
    ["a profile it does not know", { profile: "other" }, /profile/],
    ["a friend twice", { mfa: { holder: "friends", names: ["Ann", "Ann"], threshold: 1 } }, /each name once/],
    [
      "more friends than there are",
      { mfa: { holder: "friends", names: ["Ann"], threshold: 2 } },
      /mfa: the threshold asks for more than there are/,
    ],
    [
      "more owners than there are",
      { recovery: { holder: "safe", owners: ["Ann"], threshold: 2 } },
      /recovery: the threshold asks for more than there are/,
    ],
    ["a friend called like a letter", { mfa: { holder: "ledger", name: "D2" } }, /mfa: "D2" is the letter/],
    [
      "an emergency address called like a letter",
      { emergencyAddress: "E" },
      /emergencyAddress: "E" is the letter/,
    ],
    [
      "a place with what is not there",
      { places: [{ name: "phone", holds: ["S"] }] },
      /places\.0\.holds: "S": there is no such thing in this account; it hangs on D, C, E/,
    ],
    [
      "chances of what is not there",
      { chances: { S: { lost: 0, leaked: 0, stolen: 0 } } },
      /chances: "S": there is no/,
    ],
    [
      "more than certainty",
      { chances: { D: { lost: 0.5, leaked: 0.5, stolen: 0.1 } } },
      /chances\.D: more than certain/,
    ],
    [
      "a delay the contract would not take",
      { settings: { recoveryDelayDays: 61 } },
      /settings\.recoveryDelayDays/,
    ],
    ["a short override", { settings: { overrideDelayDays: 3 } }, /settings\.overrideDelayDays/],
    ["no object at all", "D", /The account description is wrong\. /],
  ])("refuses %s, and says where", (_, description, expected) => {
    expect(complaint(description)).toMatch(expected);
  });

  test("refuses more things than can be gone through", () => {
    const names = (count: number, of: string) =>
      Array.from({ length: count }, (_, index) => `${of} ${index}`);
    const wide = (owners: number) => ({
      methods: ["A", "S", "P", "W"],
      mfa: { holder: "friends", names: names(owners, "friend"), threshold: 1 },
      recovery: { holder: "ledger" },
    });
    expect(complaint(wide(MOST_THINGS - 8))).toBe("nothing");
    expect(complaint(wide(MOST_THINGS - 7))).toMatch(/hangs on 15 things; the explorer takes 14/);
  });
});
