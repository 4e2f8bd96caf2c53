import { describe, expect, test } from "vitest";
import { type AccountDescription, parseAccount } from "./account.ts";
import { OTHER_CHANCES, REFERENCE_CHANCES } from "./chances.ts";
import { explore, nameOf, networkAccount } from "./configurations.ts";
import { modelOf } from "./model.ts";
import { describeStep, stepsTo, wordsFor } from "./paths.ts";
import { chancesOf, reportOn } from "./report.ts";

const report = (description: AccountDescription) => reportOn(explore(parseAccount(description)));

describe("a report", () => {
  test("says for the simplest account who could take it and what would lock its owner out", () => {
    const { failures, failure, ...found } = report({});
    expect(found).toMatchObject({
      methods: [],
      level: 0,
      theft: [
        ["D", "C"],
        ["D", "E"],
        ["C", "E"],
      ],
      loss: [
        ["D", "C"],
        ["D", "E"],
        ["C", "E"],
      ],
      smallestTheft: 2,
      smallestLoss: 2,
      lossReasons: {
        "D+C":
          "Without the unlocked computer or the social login, no device key is left, and no recovery key signs for a new one: the gate would still ask for social login.",
        "C+E":
          "Without the social login or the email code, a device key is left, but no MFA key signs: the gate would still ask for social login, or email code.",
      },
    });
    expect(found.theftPaths["D+C"]).toEqual({
      days: 0,
      steps: [
        "Sign in with the social login.",
        "Withdraw everything with an active device key and the MFA key, for which the gate takes the social login; at once.",
      ],
    });
    expect(Object.keys(found.theftPaths)).toEqual(["D+C", "D+E", "C+E"]);
    expect(failure).toBe(failures.failure);
    expect(failure).toBeGreaterThan(failures.theft);
    expect(failure).toBeLessThan(failures.theft + failures.loss);
  });

  test("says how many friends are missing", () => {
    const friends = { holder: "friends", names: ["Ann", "Ben", "Cem"], threshold: 2 } as const;
    const { lossReasons } = report({
      mfa: { holder: "ledger" },
      recovery: { ...friends, names: [...friends.names] },
    });
    expect(lossReasons["D+Ann+Ben"]).toBe(
      'Without the unlocked computer, "Ann" or "Ben", no device key is left, and no recovery key signs for a new one: it takes 2 of 3, and 1 of them are there.',
    );
    expect(lossReasons["Ledger+Ann+Ben"]).toBe(
      'Without "Ledger", "Ann" or "Ben", a device key is left, but no MFA key signs: it takes 1 of 1, and 0 of them are there.',
    );
  });

  test("says when no proof would help", () => {
    const { lossReasons } = report({ profile: "published", credentials: "none" });
    expect(Object.values(lossReasons).length).toBeGreaterThan(0);
    expect(Object.values(lossReasons)[0]).toMatch(/no further proof would make the gate agree\.$/);
  });

  test("takes chances from the account, the letter or what holds keys", () => {
    const own = { lost: 0.5, leaked: 0, stolen: 0 };
    const account = parseAccount({ devices: 2, mfa: { holder: "ledger" }, chances: { C: own } });
    expect(chancesOf(account, "C")).toEqual(own);
    expect(chancesOf(account, "D2")).toEqual(REFERENCE_CHANCES.D);
    expect(chancesOf(account, "E")).toEqual(REFERENCE_CHANCES.E);
    expect(chancesOf(account, "Ledger")).toEqual(OTHER_CHANCES);
    expect(report({ chances: { E: own } }).failure).toBeGreaterThan(report({}).failure);
  });

  test("counts what happens to a whole place", () => {
    const places = [{ name: "phone", kind: "phone" as const, holds: ["A", "E"] }];
    expect(report({ methods: ["A"], places }).failure).toBeGreaterThan(report({ methods: ["A"] }).failure);
  });
});

describe("words", () => {
  test("name every thing for this account", () => {
    const model = modelOf(parseAccount({ devices: 2, credentials: "password", mfa: { holder: "ledger" } }));
    expect(["D", "D2", "C", "E", "Ledger"].map((thing) => wordsFor(model, thing))).toEqual([
      "the unlocked computer",
      "the unlocked computer D2",
      "the password",
      "the email code",
      '"Ledger"',
    ]);
    expect(wordsFor(modelOf(parseAccount({})), "C")).toBe("the social login");
  });

  test("tell every kind of step", () => {
    const model = modelOf(parseAccount({ settings: { overrideDelayDays: 30 } }));
    expect(describeStep(model, { do: "hold", thing: "E" })).toBe("Have the email code.");
    expect(
      describeStep(model, {
        do: "operate",
        kind: "addDeviceKey",
        wait: "override",
        signings: [
          { role: "mfa", by: "own", with: [] },
          { role: "recovery", by: "own", with: [] },
        ],
      }),
    ).toBe(
      "Add a device key of their own with the MFA key that is their own by now and the recovery key that is their own by now; it takes effect after 30 days, and no veto stops it meanwhile.",
    );
    expect(describeStep(model, { do: "reset-password", proofs: ["E"], device: false, gives: "C" })).toBe(
      "Reset the password with the email code.",
    );
    expect(describeStep(model, { do: "change-email", proofs: ["A"], device: false, gives: "E" })).toBe(
      "Replace the email address by one of their own, with the authenticator app.",
    );
  });

  test("there is no way to what was not reached", () => {
    expect(stepsTo(new Map())).toEqual([]);
  });

  test("configurations are named by their methods", () => {
    expect(nameOf(networkAccount("default", []))).toBe("no method");
    expect(nameOf(networkAccount("default", ["W", "A"]))).toBe("A+W");
    expect(nameOf(networkAccount("default", ["A"], "none"))).toBe("A, no social login");
  });
});
