import { describe, expect, test } from "vitest";
import { type AccountDescription, parseAccount } from "./account.ts";
import { explore } from "./configurations.ts";
import { modelOf } from "./model.ts";
import { describePath } from "./paths.ts";
import { daysOf, explorerOf, SERVICES, type Service, type Wait, waitsOf } from "./reach.ts";
import { reportOn } from "./report.ts";
import { servicesOf } from "./services.ts";

/** Asks about an account: what somebody has who holds these things, at once or while delays pass. */
function accountOf(description: AccountDescription) {
  const model = modelOf(parseAccount(description));
  const explorer = explorerOf(model);
  return {
    model,
    can: (
      holds: readonly string[],
      waits: readonly Wait[] = [],
      service: { hostile?: Service; gone?: Service } = {},
    ) => explorer.reach({ holds: new Set(holds), waits: new Set(waits), ...service }).has("money"),
    vetoes: (holds: readonly string[]) => [...explorer.vetoes(new Set(holds))],
    report: () => reportOn(explore(parseAccount(description))),
  };
}

const LEDGER = { holder: "ledger" } as const;
const FRIENDS = { holder: "friends" as const, names: ["Ann", "Ben", "Cem"], threshold: 2 };

describe("keys that the network does not hold", () => {
  test("device and Ledger as MFA key move money at once; no proof does, but to recover", () => {
    const { can } = accountOf({ methods: ["A"], mfa: LEDGER });
    expect(can(["D", "Ledger"])).toBe(true);
    expect(can(["D", "C", "E"])).toBe(true);
    expect(can(["D", "E"])).toBe(false);
    expect(can(["C", "E", "A"])).toBe(false);
    expect(can(["C", "E"], ["recovery"])).toBe(true);
  });

  test("with both keys elsewhere, what is proven to the gate is worth nothing", () => {
    const { can } = accountOf({
      methods: ["A", "S", "P", "W"],
      mfa: LEDGER,
      recovery: { holder: "passkey", name: "Key" },
    });
    expect(can(["D", "C", "E", "A", "S", "P", "W"], ["recovery"])).toBe(false);
    expect(can(["D", "Ledger"])).toBe(true);
    expect(can(["D", "Key"])).toBe(true);
    expect(can(["Ledger", "Key"])).toBe(false);
    expect(can(["Key"], ["recovery"])).toBe(true);
    expect(can(["Ledger"], ["recovery"])).toBe(false);
  });

  test("friends sign when enough of them do, a Safe when its owners do", () => {
    for (const recovery of [FRIENDS, { holder: "safe", owners: [...FRIENDS.names], threshold: 2 } as const]) {
      const { can } = accountOf({
        credentials: "none",
        recovery: { ...recovery } as AccountDescription["recovery"],
      });
      expect(can(["Ann"], ["recovery"])).toBe(false);
      expect(can(["Ann", "Cem"], ["recovery"])).toBe(true);
      expect(can(["D", "Ben"])).toBe(false);
      expect(can(["D", "Ben", "Cem"])).toBe(true);
    }
  });

  test("one thing may hold both keys", () => {
    const { can, report } = accountOf({ mfa: LEDGER, recovery: LEDGER });
    expect(can(["Ledger"])).toBe(false);
    expect(can(["Ledger"], ["recovery"])).toBe(true);
    expect(report().loss).toEqual([["Ledger"]]);
  });

  test("a second computer is a device key as good as the first", () => {
    const { can, report } = accountOf({ devices: 2, mfa: LEDGER, recovery: { ...LEDGER, name: "Other" } });
    expect(can(["D2", "Ledger"])).toBe(true);
    expect(report().loss).toContainEqual(["D", "D2", "Other"]);
  });
});

describe("delays and vetoes", () => {
  const settings = {
    recoveryDelayDays: 5,
    singleKeyDelayDays: 9,
    overrideDelayDays: 30,
    singleKeyRoles: ["recovery", "device"],
  } as const;
  const delayed = () =>
    accountOf({
      mfa: LEDGER,
      recovery: { ...LEDGER, name: "Other" },
      settings: { ...settings, singleKeyRoles: [...settings.singleKeyRoles] },
    });

  test("are those that the account's settings allow", () => {
    const account = delayed();
    expect(waitsOf(account.model)).toEqual(["recovery", "override", "single:device", "single:recovery"]);
    expect(waitsOf(account.model).map((wait) => daysOf(account.model, wait))).toEqual([5, 30, 9, 9]);
    expect(waitsOf(accountOf({}).model)).toEqual(["recovery"]);
  });

  test("a role that may act alone does, after its own delay", () => {
    const account = delayed();
    expect(account.can(["D"], ["recovery", "override", "single:recovery"])).toBe(false);
    expect(account.can(["D"], ["single:device"])).toBe(true);
    expect(account.can(["Other"], ["single:device"])).toBe(false);
    expect(account.can(["Other"], ["single:recovery"])).toBe(true);
  });

  test("both keys together overrule a veto, one of them does not", () => {
    const account = delayed();
    expect(account.can(["Ledger", "Other"], ["override"])).toBe(true);
    expect(account.can(["Other"], ["override"])).toBe(false);
    expect(
      accountOf({ mfa: LEDGER, recovery: { ...LEDGER, name: "Other" } }).can(
        ["Ledger", "Other"],
        ["override"],
      ),
    ).toBe(false);
  });

  test("a device key vetoes recovery, nobody an override; any other key vetoes a key that acts alone", () => {
    const account = delayed();
    expect(account.vetoes(["D"])).toEqual(["recovery", "single:recovery"]);
    expect(account.vetoes(["Ledger"])).toEqual(["single:device", "single:recovery"]);
    expect(account.vetoes(["Other"])).toEqual(["single:device"]);
    expect(account.vetoes(["C", "E"])).toEqual([]);
  });

  test("a network-held key vetoes only through a device key: without one the gate signs nothing but a recovery", () => {
    const { vetoes, can } = accountOf({ settings: { singleKeyRoles: ["mfa", "recovery"] } });
    expect(vetoes(["C", "E"])).toEqual([]);
    expect(vetoes(["D"])).toEqual(["recovery", "single:mfa", "single:recovery"]);
    expect(can(["C", "E"], ["single:recovery"])).toBe(false);
    expect(can(["C", "E"], ["single:mfa"])).toBe(false);
    expect(can(["D", "E"], [])).toBe(true);
  });

  test("a path takes the quickest way", () => {
    const { theftPaths } = delayed().report();
    expect(theftPaths.D?.days).toBe(9);
    expect(theftPaths.Other).toEqual({
      days: 5,
      steps: [
        'Add a device key of their own with the recovery key ("Other"); it takes effect after 5 days, and an active device key can stop it meanwhile.',
        'Replace the MFA key by one of their own with an active device key and the recovery key ("Other"); at once.',
        "Withdraw everything with an active device key and the MFA key that is their own by now; at once.",
      ],
    });
    expect(theftPaths.D?.steps).toEqual([
      "Withdraw everything with an active device key; it takes effect after 9 days, and any other active key can stop it meanwhile.",
    ]);
    const overruling = accountOf({
      mfa: FRIENDS,
      recovery: { holder: "passkey" },
      settings: { recoveryDelayDays: 60, overrideDelayDays: 7 },
    }).report();
    expect(overruling.theftPaths["Passkey key"]?.days).toBe(60);
  });

  test("an override is told as what no veto stops", () => {
    const { can, model } = accountOf({
      mfa: LEDGER,
      recovery: { ...LEDGER, name: "Other" },
      settings: { overrideDelayDays: 7 },
    });
    expect(can(["Ledger", "Other"], ["override"])).toBe(true);
    expect(daysOf(model, "override")).toBe(7);
  });
});

describe("a frozen account", () => {
  const frozen = { mfa: LEDGER, recovery: { ...LEDGER, name: "Other" }, frozen: "archived" } as const;

  test("gives nothing away until the freeze is ended, by device and another key, or by recovery after its delay", () => {
    const { can } = accountOf(frozen);
    expect(can(["D", "Ledger"])).toBe(true);
    expect(can(["D"], ["recovery"])).toBe(false);
    expect(can(["Other"])).toBe(false);
    expect(can(["Other"], ["recovery"])).toBe(true);
  });

  test("is not even open to its emergency address", () => {
    const { can, report } = accountOf({ ...frozen, emergencyAddress: "Exchange" });
    expect(can(["Exchange"])).toBe(false);
    expect(report().theftPaths["D+Ledger"]?.steps).toEqual([
      'End the freeze with an active device key and the MFA key ("Ledger"); at once.',
      'Withdraw everything with an active device key and the MFA key ("Ledger"); at once.',
    ]);
  });

  test("a device key stops a recovery that waits to end it", () => {
    expect(accountOf(frozen).vetoes(["D"])).toEqual(["recovery"]);
    expect(accountOf(frozen).vetoes(["Other"])).toEqual([]);
  });
});

test("whoever has the emergency address has the money at once", () => {
  const { can, report } = accountOf({ emergencyAddress: "Exchange" });
  expect(can(["Exchange"])).toBe(true);
  expect(report().theftPaths.Exchange).toEqual({
    days: 0,
    steps: ['Withdraw everything with the emergency address ("Exchange"), at once.'],
  });
});

describe("services", () => {
  test("a hostile authenticator or key network never has the money at once, and a device key stops it", () => {
    const { can } = accountOf({ methods: ["A", "S", "P"] });
    for (const hostile of SERVICES) {
      expect(can([], [], { hostile }), hostile).toBe(false);
      expect(can([], ["recovery"], { hostile }), hostile).toBe(true);
    }
    expect(can(["D"], [], { hostile: "authenticator" })).toBe(true);
    expect(can(["D"], [], { hostile: "key network" })).toBe(true);
  });

  test("an authenticator that forges everything cannot forge a wallet's signature", () => {
    expect(
      accountOf({ methods: ["W"], credentials: "none" }).can([], ["recovery"], { hostile: "authenticator" }),
    ).toBe(false);
  });

  test("who keeps both keys elsewhere needs neither of them", () => {
    const elsewhere = accountOf({ mfa: LEDGER, recovery: { ...LEDGER, name: "Other" } });
    for (const service of SERVICES) {
      expect(elsewhere.can([], ["recovery"], { hostile: service })).toBe(false);
      expect(elsewhere.can(["D", "Ledger", "Other"], ["recovery"], { gone: service })).toBe(true);
    }
    expect(elsewhere.can(["D", "Ledger"], [], { gone: "authenticator" })).toBe(false);
  });

  test("a code on paper unlocks the first device key without the authenticator, and no other", () => {
    const gone = { gone: "authenticator" } as const;
    const onPaper = accountOf({ mfa: LEDGER, devices: 2, unlockCode: true });
    expect(onPaper.can(["D", "Ledger"], [], gone)).toBe(true);
    expect(onPaper.can(["D2", "Ledger"], [], gone)).toBe(false);
    expect(accountOf({ mfa: LEDGER, devices: 2 }).can(["D", "Ledger"], [], gone)).toBe(false);
    // What the network holds is not signed with all the same.
    expect(accountOf({ unlockCode: true }).can(["D", "E", "C"], ["recovery"], gone)).toBe(false);
  });

  test("are reported with their paths and with what their end would mean", () => {
    const report = (description: AccountDescription) => servicesOf(explore(parseAccount(description)));
    expect(report({})).toEqual([
      {
        service: "authenticator",
        drainsAfterDays: 7,
        steps: [
          "Sign in with the social login.",
          "Add a device key of their own with the recovery key, for which the gate takes the social login and the email code; it takes effect after 7 days, and an active device key can stop it meanwhile.",
          "Withdraw everything with an active device key and the MFA key, for which the gate takes the social login; at once.",
        ],
        ownerCanExit: false,
      },
      {
        service: "key network",
        drainsAfterDays: 7,
        steps: [
          "Add a device key of their own with the recovery key, which the key network itself uses; it takes effect after 7 days, and an active device key can stop it meanwhile.",
          "Withdraw everything with an active device key and the MFA key, which the key network itself uses; at once.",
        ],
        ownerCanExit: false,
      },
    ]);
    const [authenticator, network] = report({ mfa: LEDGER, recovery: { ...LEDGER, name: "Other" } });
    expect(authenticator).toEqual({
      service: "authenticator",
      drainsAfterDays: null,
      steps: [],
      ownerCanExit: true,
    });
    expect(network).toMatchObject({ drainsAfterDays: null, ownerCanExit: true });
    const [, withExit] = report({ emergencyAddress: "Exchange" });
    expect(withExit?.ownerCanExit).toBe(true);
  });
});

test("where a profile asks for no login first, a device key counts without one, and no path tells of one", () => {
  const account = parseAccount({ credentials: "none", methods: ["A"] });
  const withLogin = modelOf(account);
  const { reach } = explorerOf({ ...withLogin, profile: { ...withLogin.profile, loginFirst: false } });
  const situation = { holds: new Set(["D", "A"]), waits: new Set<Wait>() };
  expect(explorerOf(withLogin).reach(situation).has("money")).toBe(false);
  expect(describePath(withLogin, reach(situation))).toEqual([
    "Withdraw everything with an active device key and the MFA key, for which the gate takes the authenticator app; at once.",
  ]);
  const withMailbox = reach({ ...situation, holds: new Set(["D", "A", "E"]) });
  expect(withMailbox.has("loggedIn")).toBe(true);
  expect(describePath(withLogin, withMailbox)).not.toContain("Sign in with the email code.");
});

describe("a password", () => {
  test("counts for nothing in the default profile, because the mailbox resets it", () => {
    const { can, report } = accountOf({ credentials: "password", methods: ["A"] });
    expect(report().theft).toEqual([
      ["D", "E"],
      ["E", "A"],
      ["D", "C", "A"],
    ]);
    expect(can(["D", "C"])).toBe(false);
  });

  test("still opens a session, which an authenticator app alone does not", () => {
    const { can } = accountOf({ credentials: "password", methods: ["A"] });
    expect(can(["D", "A"], ["recovery"])).toBe(false);
    expect(can(["D", "A", "C"])).toBe(true);
    expect(accountOf({ credentials: "none", methods: ["A"] }).report().loss).toEqual([["E"], ["D", "A"]]);
  });

  test("is reset by the mailbox in the published profile, and a social login is not", () => {
    const published = (credentials: "password" | "social-login") =>
      accountOf({ profile: "published", credentials });
    expect(published("password").can(["E"], ["recovery"])).toBe(true);
    expect(published("social-login").can(["E"], ["recovery"])).toBe(false);
    expect(published("social-login").can(["C", "E"], ["recovery"])).toBe(true);
  });
});
