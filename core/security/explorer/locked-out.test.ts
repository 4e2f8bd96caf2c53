import { describe, expect, test } from "vitest";
import type { AccountDescription } from "./account.ts";
import { reachesMoney } from "./locked-out.ts";

const everything = () => true;
const butStrangers = (thing: string) => !thing.startsWith("Stranger");
const strangers: AccountDescription["mfa"] = { holder: "friends", names: ["Stranger"], threshold: 1 };

describe("an owner who lost nothing", () => {
  test.each<[string, AccountDescription]>([
    ["with both keys in the network", {}],
    ["whose account is archived", { frozen: "archived" }],
    ["with a stranger's MFA key, by the recovery key", { mfa: strangers }],
    ["with a stranger's recovery key, by the MFA key", { recovery: strangers }],
    [
      "with strangers in both roles, by the emergency address",
      { mfa: strangers, recovery: strangers, emergencyAddress: "My Ledger" },
    ],
    [
      "with strangers in both roles, where the device key alone may withdraw later",
      { mfa: strangers, recovery: strangers, settings: { singleKeyRoles: ["device"] } },
    ],
  ])("gets at the money %s", (_, description) => {
    expect(reachesMoney(description, butStrangers)).toBe(true);
  });

  test.each<[string, AccountDescription, (thing: string) => boolean]>([
    ["strangers have both other roles", { mfa: strangers, recovery: strangers }, butStrangers],
    [
      "strangers have enough of both to be needed",
      {
        mfa: { holder: "friends", names: ["Mine", "Stranger"], threshold: 2 },
        recovery: { holder: "friends", names: ["Mine too", "Stranger 2"], threshold: 2 },
      },
      butStrangers,
    ],
    ["nothing is theirs", {}, () => false],
  ])("does not when %s", (_, description, isTheirs) => {
    expect(reachesMoney(description, everything)).toBe(true);
    expect(reachesMoney(description, isTheirs)).toBe(false);
  });
});
