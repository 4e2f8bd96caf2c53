import { amountText, changeText, type Names } from "../activity/words.ts";
import { ROLE_TEXT, type Role } from "../keys/role.ts";
import { listWords } from "../security/rules/words.ts";
import type { Alert, Remedy } from "./alerts.ts";
import type { Asked, ChangeMade, Fact } from "./facts.ts";

/** A headline, and what it means for the owner. */
export interface AlertWords {
  readonly title: string;
  readonly detail: string;
}

/** The first digits of a key's id or an address: enough to tell two apart in a sentence. */
const short = (hex: string): string => `${hex.slice(0, 10)}…`;

/** An address in full, where the person has no name for it. */
const who = (address: string, { person }: Names): string => person(address) ?? address;

/** "0x33333333…", or "of Ben": what tells a key from others of its role. */
const whose = (key: string, { friend }: Names): string => {
  const held = friend(key);
  return held === undefined ? short(key) : `of ${held}`;
};

const CHANGE_DONE: Readonly<Record<ChangeMade["kind"], string>> = {
  addKey: "A key was added to the account",
  activateKey: "A pending key was activated",
  rejectKey: "A pending key was rejected",
  removeKey: "A key was removed from the account",
  setThreshold: "How many keys of a role must sign was changed",
  setEmergencyAddress: "An emergency address was changed",
  setAllowlisted: "The list of allowed recipients was changed",
  setScope: "What a key may call by itself was changed",
  setLimit: "A key's daily limit was changed",
  setHours: "A key's hours were changed",
  setDelays: "The account's delays were changed",
  setRules: "The account's rules were changed",
  setSuccessor: "The account's successor was changed",
  lock: "The account was locked",
  archive: "The account was archived",
  unfreeze: "The account was unfrozen",
  cancel: "A scheduled operation was cancelled",
  rearm: "An operation was armed again",
};

const CHANGE_ASKED: Readonly<Record<ChangeMade["kind"], string>> = {
  addKey: "A key is to be added",
  activateKey: "A pending key is to be activated",
  rejectKey: "A pending key is to be rejected",
  removeKey: "A key is to be removed",
  setThreshold: "How many keys of a role must sign is to change",
  setEmergencyAddress: "An emergency address is to change",
  setAllowlisted: "The list of allowed recipients is to change",
  setScope: "What a key may call by itself is to change",
  setLimit: "A key's daily limit is to change",
  setHours: "A key's hours are to change",
  setDelays: "The account's delays are to change",
  setRules: "The account's rules are to change",
  setSuccessor: "The account's successor is to change",
  lock: "The account is to be locked",
  archive: "The account is to be archived",
  unfreeze: "The account is to be unfrozen",
  cancel: "A scheduled operation is to be cancelled",
  rearm: "An operation is to be armed again",
};

/** Keys, addresses and tokens as the chain has them. */
export const NO_NAMES: Names = {
  token: () => undefined,
  person: () => undefined,
  role: () => undefined,
  friend: () => undefined,
};

/** What a headline leaves open, of a change that has fields. */
const which = (change: ChangeMade, names: Names): string =>
  Object.keys(change.fields).length === 0 ? "" : `: ${changeText(change, names, "asked")}`;

function askedWords(asked: Asked, names: Names): string {
  switch (asked.kind) {
    case "withdraw":
      return `A withdrawal is scheduled: ${amountText(asked.token, asked.amount, names)} to ${who(asked.to, names)}`;
    case "replaceKey":
      return `The ${ROLE_TEXT[asked.role]} ${whose(asked.oldKey, names)} is to be replaced`;
    case "execute":
      return `Calls are scheduled, to ${asked.targets.map((target) => who(target, names)).join(", ")}`;
    case "change":
      return `${CHANGE_ASKED[asked.change.kind]}${which(asked.change, names)}`;
    case "unknown":
      return "Something is scheduled that this version of Trivet cannot read";
  }
}

function factWords(fact: Fact, names: Names): AlertWords {
  const ifNotYou = "If that was not you, lock the account with any of your keys.";
  switch (fact.kind) {
    case "changed":
      return {
        title: CHANGE_DONE[fact.change.kind],
        detail: `${changeText(fact.change, names, "done")}. ${ifNotYou}`,
      };
    case "keyReplaced":
      return {
        title: `The ${ROLE_TEXT[fact.role]} was replaced`,
        detail: `The key ${whose(fact.oldKey, names)} has no say any more, the key ${whose(fact.newKey, names)} has. ${ifNotYou}`,
      };
    case "recordSet":
      return {
        title: "What the key network asks before it signs was changed",
        detail: `The record of the key ${short(fact.key)} has a new version, ${fact.version}. ${ifNotYou}`,
      };
    case "migrated":
      return {
        title: "The account moved to its successor",
        detail: `Everything that was named went to ${who(fact.successor, names)}.`,
      };
    case "emergencyWithdrawn":
      return {
        title: "An emergency address withdrew from the account",
        detail: `${amountText(fact.token, fact.amount, names)} went to ${who(fact.to, names)}. ${ifNotYou}`,
      };
    case "emergencyRehearsed":
      return {
        title: "An emergency address showed that it works",
        detail: `${who(fact.address, names)} moved nothing.`,
      };
    case "unfrozen":
      return {
        title: "The account is open again",
        detail: "What waited before sleeps until it is armed again.",
      };
    case "withdrawn":
      return { title: "A scheduled withdrawal ran", detail: "Its money has left the account." };
    case "executed":
      return { title: "Scheduled calls ran", detail: "The account made them." };
    case "gatePublished":
      return {
        title: "Governance published a gate",
        detail: "Keys that the key network holds stay at theirs until you decide.",
      };
    case "gateRolledBack":
      return {
        title: "Governance withdrew a gate",
        detail: "Keys whose record names it sign nothing until it is published again.",
      };
    // These have alerts of their own, or none.
    case "created":
    case "scheduled":
    case "pending":
    case "locked":
    case "archived":
      return { title: "The account changed", detail: ifNotYou };
  }
}

/** "device key and MFA key, or recovery key". */
function rolesText(lists: readonly (readonly Role[])[]): string {
  return lists.map((roles) => roles.map((role) => `the ${ROLE_TEXT[role]}`).join(" and ")).join(", or ");
}

const REMEDY_TEXT: Readonly<Record<Remedy["kind"], string>> = {
  cancel: "can cancel it",
  rejectKey: "can reject it",
  unfreeze: "can unfreeze it",
};

/** Who can do what about it: "The Device key can reject it." */
export function vetoText({ veto }: Alert, names: Names = NO_NAMES): string {
  if (!veto) return "Nobody can stop it any more.";
  const who = rolesText(veto.by);
  const butNot = veto.butNot ? `, but not the key ${whose(veto.butNot, names)}, which proposed it` : "";
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${REMEDY_TEXT[veto.remedy.kind]}${butNot}.`;
}

/** Whose keys asked for it: "Asked for by the Recovery key of Ben and the Device key (0x33333333…)." */
export function proposersText(keys: readonly string[], names: Names): string {
  const proposers = keys.map((key) => {
    const [role, friend] = [names.role(key), names.friend(key)];
    return `the ${role ? ROLE_TEXT[role] : "key"} ${friend === undefined ? `(${short(key)})` : `of ${friend}`}`;
  });
  return `Asked for by ${listWords(proposers, "and")}.`;
}

function pendingWords(alert: Alert, vetoProof: "no" | "perhaps" | "yes", names: Names): AlertWords {
  if (alert.stage === "asleep") {
    return {
      title: "A device key was added and sleeps",
      detail: "The account was frozen meanwhile: only an active device key can activate it now.",
    };
  }
  const overruled = "you let the MFA key and the Recovery key together overrule device keys";
  return {
    title: "A device key was added and is pending",
    detail:
      vetoProof === "yes"
        ? `It becomes active by itself and cannot be rejected, because ${overruled}. Move your money before that if it was not you.`
        : `Somebody with a recovery key brings another computer in: its key becomes active by itself, and can then withdraw together with the MFA key. ${vetoText(alert, names)} Do that if it is not you.${vetoProof === "perhaps" ? ` Perhaps not: ${overruled}.` : ""}`,
  };
}

/**
 * What an alert says to the owner. The times are the screen's to say.
 * @param names how tokens, keys and addresses are called; without them, as the chain has them
 */
export function alertWords(alert: Alert, names: Names = NO_NAMES): AlertWords {
  const { subject, stage } = alert;
  switch (subject.kind) {
    case "scheduled": {
      const title = askedWords(subject.asked, names);
      const when = {
        asleep: "It sleeps and cannot run until it is armed again.",
        due: "Anybody can have it run now.",
      };
      const runs =
        stage === "asleep" || stage === "due"
          ? when[stage]
          : "Anybody can have it run when its time has come.";
      const asking = [subject.proposer, ...(subject.others ?? [])];
      return { title, detail: `${runs} ${proposersText(asking, names)} ${vetoText(alert, names)}` };
    }
    case "pending-key":
      return pendingWords(alert, subject.vetoProof, names);
    case "key-became-active":
      return {
        title: "A pending device key became active",
        detail: `The key ${short(subject.key)} has all the rights of a device key. If it is not yours, lock the account with any of your keys.`,
      };
    case "locked":
      return {
        title: subject.by ? "The account is locked" : "The account locked itself: too many keys were removed",
        detail: `Nothing leaves it until the lock lapses. ${vetoText(alert, names)}`,
      };
    case "archived":
      return { title: "The account is archived", detail: `Nothing leaves it. ${vetoText(alert, names)}` };
    case "key-expiring":
      return stage === "over"
        ? {
            title: `A ${ROLE_TEXT[subject.role]} has expired`,
            detail: `The key ${whose(subject.key, names)} has no say any more. Add another one if you need it.`,
          }
        : {
            title: `A ${ROLE_TEXT[subject.role]} expires soon`,
            detail: `The key ${whose(subject.key, names)} then has no say any more. Add another one before.`,
          };
    case "change":
      return factWords(subject.fact, names);
  }
}

/** "6 days 23 hours", "4 minutes", "less than a minute". */
export function timeLeft(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const;
  let rest = Math.max(0, seconds);
  const parts = units.flatMap(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? "" : "s"}`];
  });
  return parts.slice(0, 2).join(" ") || "less than a minute";
}
