import { ROLE_TEXT, type Role } from "../keys/role.ts";
import type { Alert, Remedy } from "./alerts.ts";
import type { Asked, ChangeMade, Fact } from "./facts.ts";

/** A headline, and what it means for the owner. */
export interface AlertWords {
  readonly title: string;
  readonly detail: string;
}

/** The first digits of a key's id or an address: enough to tell two apart in a sentence. */
const short = (hex: string): string => `${hex.slice(0, 10)}…`;

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

/** "role recovery, threshold 2": the fields as they stand on the chain. */
function fieldsText({ fields }: ChangeMade): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function askedWords(asked: Asked): string {
  switch (asked.kind) {
    case "withdraw":
      return `A withdrawal is scheduled: ${asked.amount} of ${asked.token}, in its smallest unit, to ${asked.to}`;
    case "replaceKey":
      return `The ${ROLE_TEXT[asked.role]} ${short(asked.oldKey)} is to be replaced`;
    case "execute":
      return `Calls are scheduled, to ${asked.targets.join(", ")}`;
    case "change":
      return `${CHANGE_ASKED[asked.change.kind]}${fieldsText(asked.change)}`;
    case "unknown":
      return "Something is scheduled that this version of Trivet cannot read";
  }
}

function factWords(fact: Fact): AlertWords {
  const ifNotYou = "If that was not you, lock the account with any of your keys.";
  switch (fact.kind) {
    case "changed":
      return { title: CHANGE_DONE[fact.change.kind], detail: `${fieldsOf(fact.change)}${ifNotYou}` };
    case "keyReplaced":
      return {
        title: `The ${ROLE_TEXT[fact.role]} was replaced`,
        detail: `${short(fact.oldKey)} has no say any more, ${short(fact.newKey)} has. ${ifNotYou}`,
      };
    case "recordSet":
      return {
        title: "What the key network asks before it signs was changed",
        detail: `The record of the key ${short(fact.key)} has a new version, ${fact.version}. ${ifNotYou}`,
      };
    case "migrated":
      return {
        title: "The account moved to its successor",
        detail: `Everything that was named went to ${fact.successor}.`,
      };
    case "emergencyWithdrawn":
      return {
        title: "An emergency address withdrew from the account",
        detail: `${fact.amount} of ${fact.token}, in its smallest unit, went to ${fact.to}. ${ifNotYou}`,
      };
    case "emergencyRehearsed":
      return {
        title: "An emergency address showed that it works",
        detail: `${fact.address} moved nothing.`,
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

function fieldsOf(change: ChangeMade): string {
  const text = fieldsText(change).trim();
  return text === "" ? "" : `${text.slice(1, -1)}. `;
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
export function vetoText({ veto }: Alert): string {
  if (!veto) return "Nobody can stop it any more.";
  const who = rolesText(veto.by);
  const butNot = veto.butNot ? `, but not ${short(veto.butNot)}, which proposed it` : "";
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${REMEDY_TEXT[veto.remedy.kind]}${butNot}.`;
}

function pendingWords(alert: Alert, vetoProof: "no" | "perhaps" | "yes"): AlertWords {
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
        : `It becomes active by itself. ${vetoText(alert)}${vetoProof === "perhaps" ? ` Perhaps not: ${overruled}.` : ""}`,
  };
}

/** What an alert says to the owner. The times are the screen's to say. */
export function alertWords(alert: Alert): AlertWords {
  const { subject, stage } = alert;
  switch (subject.kind) {
    case "scheduled": {
      const title = askedWords(subject.asked);
      if (stage === "asleep") {
        return { title, detail: `It sleeps and cannot run until it is armed again. ${vetoText(alert)}` };
      }
      return {
        title,
        detail: `${stage === "due" ? "Anybody can have it run now" : "Anybody can have it run when its time has come"}. ${vetoText(alert)}`,
      };
    }
    case "pending-key":
      return pendingWords(alert, subject.vetoProof);
    case "key-became-active":
      return {
        title: "A pending device key became active",
        detail: `The key ${short(subject.key)} has all the rights of a device key. If it is not yours, lock the account with any of your keys.`,
      };
    case "locked":
      return {
        title: subject.by ? "The account is locked" : "The account locked itself: too many keys were removed",
        detail: `Nothing leaves it until the lock lapses. ${vetoText(alert)}`,
      };
    case "archived":
      return { title: "The account is archived", detail: `Nothing leaves it. ${vetoText(alert)}` };
    case "key-expiring":
      return stage === "over"
        ? {
            title: `A ${ROLE_TEXT[subject.role]} has expired`,
            detail: `The key ${short(subject.key)} has no say any more. Add another one if you need it.`,
          }
        : {
            title: `A ${ROLE_TEXT[subject.role]} expires soon`,
            detail: `The key ${short(subject.key)} then has no say any more. Add another one before.`,
          };
    case "change":
      return factWords(subject.fact);
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
