import { describe, expect, test } from "vitest";
import { AccountDescriptionError, deviceNames, MOST_THINGS, parseAccount, thingsOf } from "./account.ts";

const several = (count: number) => Array.from({ length: count }, (_, index) => `Name ${index}`);

const complaint = (description: unknown): string => {
  try {
    parseAccount(description);
  } catch (error) {
    expect(error).toMatchObject({ name: "AccountDescriptionError" });
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
      unlockCode: false,
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

  test("trims names, and gives holders that have none their own", () => {
    const { mfa, recovery, emergencyAddress } = parseAccount({
      mfa: { holder: "ledger", name: " My Ledger " },
      recovery: { holder: "passkey" },
      emergencyAddress: " Exchange",
    });
    expect(mfa).toEqual({ holder: "ledger", name: "My Ledger" });
    expect(recovery).toEqual({ holder: "passkey", name: "Passkey key" });
    expect(emergencyAddress).toBe("Exchange");
  });

  test("takes what the contract takes, from the least to the most", () => {
    const least = {
      recoveryDelayDays: 1,
      singleKeyDelayDays: 3,
      overrideDelayDays: 7,
      singleKeyRoles: ["device", "mfa", "recovery"],
    };
    const most = { ...least, recoveryDelayDays: 60, singleKeyDelayDays: 60, overrideDelayDays: 180 };
    for (const settings of [least, most]) expect(parseAccount({ settings }).settings).toEqual(settings);
    for (const holder of [
      { holder: "network" },
      { holder: "friends", names: several(7), threshold: 7 },
      { holder: "safe", owners: several(7), threshold: 7 },
    ]) {
      expect(parseAccount({ mfa: holder }).mfa).toEqual(holder);
    }
    for (const credentials of ["social-login", "password", "none"]) {
      expect(parseAccount({ credentials }).credentials).toBe(credentials);
    }
    const certainty = { lost: 0.5, leaked: 0.25, stolen: 0.25 };
    expect(parseAccount({ chances: { D: certainty } }).chances).toEqual({ D: certainty });
    expect(parseAccount({ devices: 4, frozen: "locked", profile: "published" })).toMatchObject({
      devices: 4,
      frozen: "locked",
      profile: "published",
    });
  });

  test("calls things as it likes, as long as no letter is meant", () => {
    for (const name of ["Dan", "xD", "D2x", "2D", "Eva", "AS"]) {
      expect(complaint({ mfa: { holder: "ledger", name }, emergencyAddress: `${name}.` })).toBe("nothing");
      expect(complaint({ emergencyAddress: name })).toBe("nothing");
    }
    for (const letter of ["D", "D2", "D12", "C", "E", "A", "S", "P", "W"]) {
      const message = `The account description is wrong. emergencyAddress: "${letter}" is the letter of something else.`;
      expect(complaint({ emergencyAddress: letter })).toBe(message);
    }
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
    ["a friend without a name", { recovery: { holder: "friends", names: [" "], threshold: 1 } }, /recovery/],
    ["nobody as a friend", { recovery: { holder: "friends", names: [], threshold: 1 } }, /recovery/],
    ["eight friends", { recovery: { holder: "friends", names: several(8), threshold: 1 } }, /recovery/],
    ["a name as long as a page", { emergencyAddress: "x".repeat(61) }, /emergencyAddress/],
    ["no friend needed", { mfa: { holder: "friends", names: ["Ann"], threshold: 0 } }, /mfa/],
    ["no owner needed", { mfa: { holder: "safe", owners: ["Ann"], threshold: 0 } }, /mfa/],
    ["a holder it does not know", { mfa: { holder: "dog" } }, /mfa/],
    ["a holder with a field too many", { mfa: { holder: "network", name: "Net" } }, /mfa/],
    ["no computer", { devices: 0 }, /devices/],
    ["five computers", { devices: 5 }, /devices/],
    ["a place without anything", { places: [{ name: "desk", holds: [] }] }, /places/],
    ["a place of no kind", { places: [{ name: "desk", kind: "moon", holds: ["D"] }] }, /places/],
    ["six places", { places: several(6).map((name) => ({ name, holds: ["D"] })) }, /places/],
    ["a chance below nothing", { chances: { D: { lost: -0.1, leaked: 0, stolen: 0 } } }, /chances/],
    ["a single-key delay of a day", { settings: { singleKeyDelayDays: 1 } }, /settings\.singleKeyDelayDays/],
    ["a role it does not know", { settings: { singleKeyRoles: ["cook"] } }, /settings\.singleKeyRoles/],
    ["a setting it does not know", { settings: { mood: 1 } }, /settings/],
    ["an account that is half frozen", { frozen: "half" }, /frozen/],
    ["credentials it does not know", { credentials: "tattoo" }, /credentials/],
    [
      "a recovery friend called like a letter",
      { recovery: { holder: "friends", names: ["W"], threshold: 1 } },
      /recovery: "W" is the letter of something else/,
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

  test("names everything that is wrong", () => {
    const [devices, mood, mfa, ...more] = complaint({
      devices: 0,
      mood: 1,
      mfa: { holder: "ledger", name: "E" },
    }).split("; ");
    expect(devices).toMatch(/^The account description is wrong\. devices: /);
    expect(mood).toMatch(/^Unrecognized key: "mood"$/);
    expect(mfa).toBe('mfa: "E" is the letter of something else.');
    expect(more).toEqual([]);
    const chances = { lost: 0, leaked: 0, stolen: 0 };
    expect(complaint({ emergencyAddress: "A", chances: { S: chances } })).toBe(
      'The account description is wrong. emergencyAddress: "A" is the letter of something else; chances: "S": there is no such thing in this account; it hangs on D, C, E, A.',
    );
  });

  test("may keep what it hangs on in places, and say chances of it", () => {
    const chances = { lost: 0.1, leaked: 0, stolen: 0.2 };
    const account = parseAccount({
      mfa: { holder: "ledger" },
      places: [{ name: "desk", kind: "home", holds: ["D", "Ledger"] }],
      chances: { Ledger: chances },
    });
    expect(account.places).toEqual([{ name: "desk", kind: "home", holds: ["D", "Ledger"] }]);
    expect(account.chances).toEqual({ Ledger: chances });
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
