import { describe, expect, test } from "vitest";
import { type AccountDescription, parseAccount } from "./account.ts";
import { CHANCE_BOX, OTHER_CHANCES, REFERENCE_CHANCES } from "./chances.ts";
import { explore } from "./configurations.ts";
import { failuresOf } from "./failure.ts";
import { lossHeadline, theftHeadline } from "./headline.ts";
import { overviewOf } from "./overview.ts";
import { boxOf, OTHER_BOX, rangesOf } from "./ranges.ts";
import { reportOn } from "./report.ts";
import { bestChanges } from "./what-if.ts";

const explored = (description: AccountDescription) => explore(parseAccount(description));
const theft = (description: AccountDescription) => theftHeadline(explored(description));
const loss = (description: AccountDescription) => lossHeadline(explored(description));

const FRIENDS = { holder: "friends", names: ["Ann", "Ben", "Cem"], threshold: 2 } as const;
const friends = { ...FRIENDS, names: [...FRIENDS.names] };
const ledger = { holder: "ledger" } as const;

describe("the headlines", () => {
  test("name the only thing, how long it takes, and what it takes at once", () => {
    expect(theft({ credentials: "none" })).toBe(
      "To take your money, somebody needs your email code, and 7 days in which you do not stop it. At once, it takes this computer (unlocked) and your email code.",
    );
    expect(loss({ credentials: "none" })).toBe("You would be locked out if you lost your email code.");
    expect(theft({ credentials: "none", settings: { recoveryDelayDays: 1 } })).toContain(
      "and 1 day in which you do not stop it.",
    );
    expect(theft({ credentials: "none", mfa: ledger })).toBe(
      "To take your money, somebody needs your email code, and 7 days in which you do not stop it. At once, it takes this computer (unlocked) and your email code, or this computer (unlocked) and your Ledger.",
    );
    expect(theft({ credentials: "none", mfa: { holder: "passkey" } })).toMatch(
      /or this computer \(unlocked\) and your passkey key\.$/,
    );
  });

  test("say any so many of so many, where every choice of them suffices", () => {
    expect(theft({ methods: ["A"] })).toBe(
      "To take your money, somebody needs any two of your social login, your email code and your authenticator app, and 7 days in which you do not stop it. At once, it takes three things together, such as this computer (unlocked), your social login and your email code (3 combinations).",
    );
    expect(loss({ methods: ["S"] })).toBe(
      "You would be locked out if you lost any two of your social login, your email code and your SMS code.",
    );
  });

  test("name two ways, and of more one with how many there are", () => {
    expect(theft({ methods: ["P"], credentials: "none" })).toBe(
      "To take your money, somebody needs any two of this computer (unlocked), your email code and your passkey.",
    );
    expect(theft({ methods: ["A", "W"] })).toBe(
      "To take your money, somebody needs three things together, such as this computer (unlocked), your social login and your authenticator app (9 combinations).",
    );
    expect(loss({ methods: ["A", "W"] })).toBe(
      "You would be locked out if you lost your authenticator app and your wallet's signature.",
    );
  });

  test("say what cannot be stopped", () => {
    const takesOver = { mfa: ledger, recovery: { holder: "ledger", name: "Second Ledger" } } as const;
    expect(theft({ ...takesOver, settings: { overrideDelayDays: 30, recoveryDelayDays: 60 } })).toContain(
      "needs your Second Ledger, and 60 days in which you do not stop it.",
    );
    const unlocked = { ...takesOver, emergencyAddress: "Exchange" } as const;
    expect(theft(unlocked)).toBe(
      "To take your money, somebody needs any one of your Second Ledger and Exchange.",
    );
    const same = {
      mfa: ledger,
      recovery: { holder: "ledger", name: "Ledger" },
      settings: { overrideDelayDays: 7, recoveryDelayDays: 60 },
    } as const;
    expect(theft(same)).toBe(
      "To take your money, somebody needs your Ledger, and 7 days, which you cannot stop. At once, it takes this computer (unlocked) and your Ledger.",
    );
    expect(
      overviewOf(explored(same))
        .theft.at(-1)
        ?.steps.map(({ wait }) => wait),
    ).toContainEqual({
      days: 7,
      veto: "nobody",
    });
  });

  test("call computers, passwords and friends what their owner calls them", () => {
    expect(theft({ devices: 2, mfa: ledger, recovery: friends, emergencyAddress: "Exchange" })).toContain(
      "needs Exchange.",
    );
    expect(theft({ devices: 2, mfa: ledger, recovery: friends })).toContain(
      "two things together, such as this computer (unlocked) and your Ledger (5 combinations)",
    );
    expect(loss({ devices: 2, mfa: ledger, recovery: friends })).toBe(
      "You would be locked out if you lost three things together, such as your Ledger, Ann and Ben (3 combinations).",
    );
    expect(theft({ profile: "published", credentials: "password" })).toBe(
      "To take your money, somebody needs your email code, and 7 days in which you do not stop it. At once, it takes this computer (unlocked) and your email code.",
    );
  });

  test("say when one of several things is enough", () => {
    const alone = { mfa: ledger, recovery: { holder: "ledger", name: "Second Ledger" } } as const;
    expect(theft({ ...alone, emergencyAddress: "Exchange", settings: { singleKeyRoles: ["mfa"] } })).toBe(
      "To take your money, somebody needs any one of your Ledger, your Second Ledger and Exchange.",
    );
  });

  test("say how many of how many, in words as far as seven", () => {
    const account = explored({ devices: 4, methods: ["A", "S", "P"] });
    const everything = (1 << 9) - 1;
    const anyOf = (few: number) => {
      const among = everything >> (8 - few);
      const loss = Array.from({ length: few + 1 }, (_, index) => among & ~(1 << index));
      return lossHeadline({ ...account, loss });
    };
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((few) => /any (\w+) of/.exec(anyOf(few))?.[1])).toEqual([
      ...["one", "two", "three", "four", "five", "six", "seven", "8"],
    ]);
    expect(anyOf(3)).toBe(
      "You would be locked out if you lost any three of this computer, your computer D2, your computer D3 and your computer D4.",
    );
  });

  test("call credentials what they are", () => {
    const credentials = (kind: "password" | "social-login") =>
      lossHeadline({ ...explored({ credentials: kind }), loss: [0b010] });
    expect(credentials("password")).toBe("You would be locked out if you lost your password.");
    expect(credentials("social-login")).toBe("You would be locked out if you lost your social login.");
  });

  test("leave out what it takes at once where nothing does", () => {
    const outlawed = { profile: "published", credentials: "none" } as const;
    expect(theft({ ...outlawed, settings: { singleKeyRoles: ["device"] } })).toBe(
      "To take your money, somebody needs this computer (unlocked), and 7 days in which you do not stop it.",
    );
  });

  test("say when nothing helps a thief or harms the owner", () => {
    const nothing = { ...explored({}), theft: [], loss: [] };
    expect(theftHeadline(nothing)).toBe(
      "Nothing that somebody could take from you is enough to take your money.",
    );
    expect(lossHeadline(nothing)).toBe("Whatever you lose, you get at your money.");
  });
});

describe("the chances of failure over the box", () => {
  test("are those of its least likely corner, its middle and its likeliest corner", () => {
    const account = explored({ methods: ["A"] });
    const at = (pick: (interval: readonly [number, number]) => number) =>
      failuresOf(
        account.sets,
        account.sets.things.map((thing) => {
          const box = CHANCE_BOX[thing as "D"];
          return { lost: pick(box.lost), leaked: pick(box.leaked), stolen: pick(box.stolen) };
        }),
      );
    const ranges = rangesOf(account);
    for (const of of ["theft", "loss", "failure"] as const) {
      expect(ranges[of].least).toBe(at(([least]) => least)[of]);
      expect(ranges[of].most).toBe(at(([, most]) => most)[of]);
      expect(ranges[of].middle).toBeCloseTo(reportOn(account).failures[of], 12);
      expect(ranges[of].least).toBeLessThan(ranges[of].middle);
      expect(ranges[of].middle).toBeLessThan(ranges[of].most);
    }
  });

  test("count what happens to a whole place, and take the account's own chances as they are", () => {
    const places = [{ name: "phone", kind: "phone" as const, holds: ["A", "E"] }];
    const together = explored({ methods: ["A"], places });
    expect(rangesOf(together).failure.middle).toBeCloseTo(reportOn(together).failure, 12);
    const own = { lost: 0.5, leaked: 0.1, stolen: 0.2 };
    expect(boxOf(parseAccount({ chances: { E: own } }), "E")).toEqual({
      lost: [0.5, 0.5],
      leaked: [0.1, 0.1],
      stolen: [0.2, 0.2],
      why: "As you said.",
    });
  });

  test("have a box for every thing: its letter's, the first computer's, or a wallet's", () => {
    const account = parseAccount({ devices: 2, mfa: ledger });
    expect(boxOf(account, "D2")).toBe(CHANCE_BOX.D);
    expect(boxOf(account, "E")).toBe(CHANCE_BOX.E);
    expect(boxOf(account, "Ledger")).toBe(OTHER_BOX);
    expect(boxOf(account, "D2x")).toBe(OTHER_BOX);
    expect(boxOf(account, "xD2")).toBe(OTHER_BOX);
    expect(OTHER_BOX).toMatchObject({ lost: [0.005, 0.015], leaked: [0.0002, 0.002] });
    expect(OTHER_BOX.why).toBe(
      "Holds a key of the account; counted as a hardware wallet with its words written down.",
    );
    expect(OTHER_CHANCES).toBe(REFERENCE_CHANCES.W);
  });
});

describe("an overview", () => {
  test("says what each thing is and whose key", () => {
    const { things } = overviewOf(
      explored({
        devices: 2,
        methods: ["P"],
        mfa: { holder: "safe", owners: ["Dan"], threshold: 1 },
        recovery: { holder: "friends", names: ["Ann", "Ben"], threshold: 2 },
        emergencyAddress: "Exchange",
      }),
    );
    expect(things.map(({ name, kind, roles }) => [name, kind, roles])).toEqual([
      ["D", "device", ["device"]],
      ["D2", "device", ["device"]],
      ["C", "C", []],
      ["E", "E", []],
      ["P", "P", []],
      ["Dan", "safe-owner", ["mfa"]],
      ["Ann", "friend", ["recovery"]],
      ["Ben", "friend", ["recovery"]],
      ["Exchange", "emergency-address", []],
    ]);
    const both = overviewOf(
      explored({ mfa: ledger, recovery: { holder: "ledger", name: "Ledger" }, emergencyAddress: "Ledger 2" }),
    );
    expect(
      both.things.filter(({ kind }) => kind !== "device").map(({ kind, roles }) => [kind, roles]),
    ).toEqual([
      ["C", []],
      ["E", []],
      ["ledger", ["mfa", "recovery"]],
      ["emergency-address", []],
    ]);
    const passkey = overviewOf(explored({ mfa: { holder: "passkey", name: "Blue key" } }));
    expect(passkey.things.at(-1)).toMatchObject({ name: "Blue key", kind: "passkey", roles: ["mfa"] });
    expect(passkey.things.at(-1)?.box).toBe(OTHER_BOX);
  });

  test("has the sets, reasons, services and changes of the report", () => {
    const account = explored({ methods: ["A"], credentials: "none" });
    const overview = overviewOf(account);
    const report = reportOn(account);
    expect(overview.level).toBe(1);
    for (const things of report.theft) {
      const { days } = report.theftPaths[things.join("+")] ?? {};
      expect(overview.theft).toContainEqual(expect.objectContaining({ things, days }));
    }
    expect(overview.loss).toEqual(
      report.loss.map((things) => ({ things, reason: report.lossReasons[things.join("+")] })),
    );
    expect(overview).toMatchObject({ smallestTheft: 2, smallestLoss: 1 });
    expect(overview.services.map(({ service }) => service)).toEqual(["authenticator", "key network"]);
    expect(overview.changes).toEqual(bestChanges(account.account));
    expect(overview.theftHeadline).toBe(theftHeadline(account));
    expect(overview.lossHeadline).toBe(lossHeadline(account));
    expect(overview.failures).toEqual(rangesOf(account));
  });

  test("names first what empties the account at once, then what has to wait, each once", () => {
    const sets = (description: AccountDescription) =>
      overviewOf(explored(description)).theft.map(({ things, days }) => [things.join("+"), days]);
    expect(sets({ credentials: "none" })).toEqual([
      ["D+E", 0],
      ["E", 7],
    ]);
    expect(sets({ mfa: ledger, recovery: { holder: "ledger", name: "Ledger" } })).toEqual([
      ["D+Ledger", 0],
      ["Ledger", 7],
    ]);
  });

  test("says of each step what it waits for and who can stop it", () => {
    const stepsFor = (description: AccountDescription, ...things: string[]) =>
      overviewOf(explored(description)).theft.find((set) => set.things.join() === things.join())?.steps;
    expect(stepsFor({ credentials: "none" }, "E")).toEqual([
      { text: "Sign in with the email code." },
      {
        text: "Add a device key of their own with the recovery key, for which the gate takes the email code.",
        wait: { days: 7, veto: "active-device-key" },
      },
      {
        text: "Withdraw everything with an active device key and the MFA key, for which the gate takes the email code.",
      },
    ]);
    const alone = { mfa: ledger, settings: { singleKeyRoles: ["mfa" as const] } };
    expect(stepsFor(alone, "Ledger")).toEqual([
      { text: 'Withdraw everything with the MFA key ("Ledger").', wait: { days: 7, veto: "any-other-key" } },
    ]);
    const override = {
      mfa: ledger,
      recovery: friends,
      settings: { recoveryDelayDays: 60, overrideDelayDays: 7 },
    };
    expect(stepsFor(override, "Ann", "Ben")?.map(({ wait }) => wait)).toContainEqual({
      days: 60,
      veto: "active-device-key",
    });
    expect(stepsFor({ emergencyAddress: "Exchange" }, "Exchange")).toEqual([
      { text: 'Withdraw everything with the emergency address ("Exchange"), at once.' },
    ]);
  });
});
