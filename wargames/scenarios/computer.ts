/** The computer with the first device key: its disk, taken or copied, with more and more of what opens it. */
import { Actor, type Outcome } from "../people/actor.ts";
import type { Household } from "../people/household.ts";
import { unlock } from "../people/profile.ts";
import { type Attack, type Scenario, SOURCE } from "../scenario.ts";
import { LEVEL_0, LEVEL_2 } from "./accounts.ts";

const source = SOURCE.threats;

/** Tries to open the device key on a copied disk as the vault would, then everything else. */
const copiedDisk =
  (has: Parameters<Household["profile"]>[0]) =>
  async ({ world, target, holds, to }: Attack, home: Household): Promise<Outcome> => {
    const opened = await unlock(world, home.profile(has));
    const devices = "device" in opened ? [opened.device] : [];
    // What the scenario says they have is what the disk gives, no more: the device key counts only once it is opened.
    const thief = await Actor.create(world, target, { ...holds, devices });
    const outcome = await thief.takeAll(to);
    await thief.leave();
    const key = "device" in opened ? "opened" : `stays shut: ${opened.refused}`;
    const refused = outcome.gotFunds ? [] : [`refused: ${thief.codes().join(", ")}`];
    return { ...outcome, steps: [`the device key ${key}`, ...outcome.steps, ...refused] };
  };

export const COMPUTER: readonly Scenario[] = [
  {
    name: "compromised disk: the profile folder",
    source,
    account: LEVEL_0,
    attack: copiedDisk({}),
    promises: "safe",
  },
  {
    name: "compromised disk: the profile folder and the operating system's key store",
    source,
    account: LEVEL_0,
    attack: copiedDisk({ keyStore: true }),
    promises: "safe",
  },
  {
    name: "compromised disk: the profile folder and the mailbox",
    source,
    account: LEVEL_0,
    thief: ["E"],
    attack: copiedDisk({ mailbox: true }),
    promises: "safe",
  },
  {
    name: "compromised disk: the profile folder, the key store and the mailbox",
    source,
    account: LEVEL_2,
    thief: ["D", "E"],
    attack: copiedDisk({ keyStore: true, mailbox: true }),
    promises: "safe",
  },
  {
    name: "compromised disk: the profile folder, the key store and the mailbox",
    source,
    account: LEVEL_0,
    thief: ["D", "E"],
    attack: copiedDisk({ keyStore: true, mailbox: true }),
    promises: "none",
    ownerExits: false,
  },
  {
    name: "compromised disk: the profile folder and the unlock code on paper",
    source,
    account: LEVEL_0,
    attack: copiedDisk({ unlockCode: true }),
    promises: "safe",
  },
  {
    name: "compromised disk: the profile folder, the key store and the unlock code on paper",
    source,
    account: LEVEL_0,
    thief: ["D"],
    attack: copiedDisk({ keyStore: true, unlockCode: true }),
    promises: "safe",
  },
];
