/** The account's keys: one of two, some of many, all of them; and accounts that stand still. */
import { type Scenario, SOURCE } from "../scenario.ts";
import { FRIENDS, LEDGER, LEVEL_1, LEVEL_2, SELF_HELD } from "./accounts.ts";
import { stopNodes } from "./governance.ts";
import { debtorArchives, lockAndArchive } from "./freezing.ts";

const { twoKeys, leaks } = SOURCE;

/** Device key and Ledger; friends for recovery. */
const CIRCLE = { ...LEDGER, ...FRIENDS } as const;

export const KEYS: readonly Scenario[] = [
  {
    name: "one of two keys lost: the device key",
    source: twoKeys,
    account: SELF_HELD,
    lost: ["D"],
    promises: "safe",
  },
  {
    name: "one of two keys lost: the Ledger",
    source: twoKeys,
    account: LEDGER,
    lost: ["Ledger"],
    promises: "safe",
  },
  {
    name: "one of two keys compromised: the device key",
    source: twoKeys,
    account: LEDGER,
    thief: ["D"],
    promises: "safe",
  },
  {
    name: "one of two keys compromised: the Ledger",
    source: twoKeys,
    account: LEDGER,
    thief: ["Ledger"],
    promises: "safe",
  },
  {
    name: "one of two keys compromised: the Ledger, which may withdraw alone",
    source: twoKeys,
    account: { ...LEDGER, settings: { singleKeyRoles: ["mfa"] } },
    thief: ["Ledger"],
    promises: "stoppable",
  },
  {
    name: "co-signer down",
    source: twoKeys,
    account: LEVEL_1,
    gone: "key network",
    disturb: stopNodes,
    promises: "safe",
    ownerExits: false,
  },
  {
    name: "co-signer down",
    source: twoKeys,
    account: { ...LEVEL_1, settings: { singleKeyRoles: ["device"] } },
    gone: "key network",
    disturb: stopNodes,
    promises: "safe",
  },
  {
    name: "co-signer compromised",
    source: twoKeys,
    account: LEVEL_1,
    hostile: "key network",
    promises: "stoppable",
    ownerExits: false,
  },
  {
    name: "one key lost and compromised at once: the device key",
    source: twoKeys,
    account: LEDGER,
    thief: ["D"],
    lost: ["D"],
    promises: "safe",
  },
  {
    name: "one key lost and compromised at once: the Ledger",
    source: twoKeys,
    account: LEDGER,
    thief: ["Ledger"],
    lost: ["Ledger"],
    promises: "safe",
  },
  {
    name: "primary key leaked but not most secondary keys",
    source: leaks,
    account: CIRCLE,
    thief: ["D", "Ann"],
    promises: "safe",
  },
  {
    name: "primary and most secondary keys leaked",
    source: leaks,
    account: CIRCLE,
    thief: ["D", "Ann", "Ben"],
    promises: "none",
    ownerExits: false,
  },
  {
    name: "all keys leaked",
    source: leaks,
    account: CIRCLE,
    thief: ["D", "Ledger", "Ann", "Ben", "Cem"],
    promises: "none",
    ownerExits: false,
  },
  {
    name: "archive used as blackmail: with a leaked device key",
    source: leaks,
    account: CIRCLE,
    thief: ["D"],
    attack: lockAndArchive,
    promises: "safe",
  },
  {
    name: "archive used as blackmail: with one friend's key",
    source: leaks,
    account: CIRCLE,
    thief: ["Ann"],
    attack: lockAndArchive,
    promises: "safe",
  },
  {
    name: "archive used as blackmail: the account is archived already",
    source: leaks,
    account: { ...CIRCLE, frozen: "archived" },
    thief: ["D"],
    promises: "safe",
  },
  {
    name: "a defaulting debtor archives",
    source: leaks,
    account: { ...LEVEL_2, mfa: { holder: "ledger" }, settings: { singleKeyRoles: ["device"] } },
    attack: debtorArchives,
    promises: "safe",
    note: "what was promised sleeps while the account is archived, and wakes with its delay begun anew",
  },
];
