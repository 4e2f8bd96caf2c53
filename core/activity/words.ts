import { ROLE_TEXT, type Role } from "../keys/role.ts";
import { listWords } from "../security/rules/words.ts";
import type { Asked, ChangeMade, Fact } from "../watch/facts.ts";
import { type Denomination, exactTokenAmount } from "../primitives/amount-text.ts";
import { NATIVE_TOKEN, sameAddress } from "../primitives/address.ts";
import { durationText } from "../primitives/duration-text.ts";
import type { ActivityEvent } from "./entry.ts";

/** What a token is called. `ownWord`: by nobody but itself, and any token can call itself anything. */
export interface TokenName extends Denomination {
  readonly ownWord?: boolean;
}

/** How things are called in a sentence. */
export interface Names {
  readonly token: (address: string) => TokenName | undefined;
  /** What the person calls an address. */
  readonly person: (address: string) => string | undefined;
  /** The role of a key, by its id. */
  readonly role: (keyId: string) => Role | undefined;
  /** What the person calls the friend who holds a key, by its id. */
  readonly friend: (keyId: string) => string | undefined;
}

/** What the person calls people. */
export type PeopleNames = Pick<Names, "person" | "friend">;

/** The ends of an address or of an id: enough to tell two apart in a sentence; the details have all of it. */
const short = (hex: string): string => `${hex.slice(0, 8)}…${hex.slice(-6)}`;

const who = (address: string, { person }: Names): string => person(address) ?? short(address);

/** "1,012.5 TUSD"; of a token that Trivet does not know, also its address, and raw units where it has no usable name. */
export function amountText(token: string, digits: string, names: Names): string {
  const known = names.token(token);
  if (known?.ownWord) {
    return `${exactTokenAmount(BigInt(digits), known)} (so the token ${short(token)} calls itself)`;
  }
  if (known) return exactTokenAmount(BigInt(digits), known);
  return `${digits} units of the token ${short(token)}`;
}

/** "Device key 0x333333…333333", "Recovery key of Ben". */
export function keyText(id: unknown, { role, friend }: Names): string {
  const [name, held] = [role(String(id)), friend(String(id))];
  return `${name ? ROLE_TEXT[name] : "key"} ${held === undefined ? short(String(id)) : `of ${held}`}`;
}

/** "22:00 to 06:00": the hours of a mask, bit h for h:00 to h:59 UTC, as ranges. */
export function hoursText(mask: number): string {
  const isClosed = (hour: number) => (mask & (1 << (hour % 24))) !== 0;
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  if (hours.every(isClosed)) return "all day";
  const starts = hours.filter((hour) => isClosed(hour) && !isClosed(hour + 23));
  const two = (hour: number) => `${(hour % 24).toString().padStart(2, "0")}:00`;
  const ranges = starts.map((start) => {
    const length = hours.find((count) => !isClosed(start + count)) ?? 24;
    return `${two(start)} to ${two(start + length)}`;
  });
  return ranges.length === 0 ? "never" : listWords(ranges, "and");
}

/** Whether a sentence tells what happened, or what is to happen. */
type Tense = "done" | "asked";

/** What a change did, or is to do. */
export function changeText({ kind, fields }: ChangeMade, names: Names, tense: Tense): string {
  const done = (past: string, infinitive: string) => (tense === "done" ? past : infinitive);
  const role = (value: unknown) => {
    const known = (["device", "mfa", "recovery"] as const).find((one) => one === value);
    return known ? ROLE_TEXT[known] : "key";
  };
  const { key } = fields;
  const held = names.friend(String(key));
  switch (kind) {
    case "addKey":
      return `${done("Added", "add")} a ${role(fields.role)}${held === undefined ? `, ${short(String(key))}` : ` of ${held}`}`;
    case "activateKey":
      return `${done("Activated", "activate")} the pending ${keyText(key, names)}`;
    case "rejectKey":
      return `${done("Rejected", "reject")} the pending ${keyText(key, names)}`;
    case "removeKey":
      return `${done("Removed", "remove")} the ${keyText(key, names)}`;
    case "setThreshold":
      return `${done("Changed", "change")} how many have to sign as ${role(fields.role)} to ${String(fields.threshold)}`;
    case "setEmergencyAddress":
      return `${fields.enabled === true ? done("Added", "add") : done("Removed", "remove")} the emergency address ${who(String(fields.recipient), names)}`;
    case "setAllowlisted":
      return `${fields.allowed === true ? done("Allowed", "allow") : done("Disallowed", "disallow")} withdrawals by a device key alone to ${who(String(fields.recipient), names)}`;
    case "setScope":
      return `${fields.allowed === true ? done("Allowed", "allow") : done("Disallowed", "disallow")} the ${keyText(key, names)} calls of ${String(fields.selector)} at ${who(String(fields.target), names)}`;
    case "setLimit":
      return `${done("Set", "set")} the daily limit of the ${keyText(key, names)} to ${amountText(String(fields.token), String(fields.limit), names)}`;
    case "setHours":
      return `${done("Set", "set")} the hours (UTC) in which the ${keyText(key, names)} spends nothing to ${hoursText(Number(fields.closedHours))}`;
    case "setDelays":
      return `${done("Changed", "change")} the delays: ${delaysText(fields)}`;
    case "setRules":
      return `${done("Changed", "change")} the account's rules`;
    case "setSuccessor":
      return sameAddress(String(fields.successor), NATIVE_TOKEN)
        ? `${done("Named", "name")} no successor any more`
        : `${done("Named", "name")} ${who(String(fields.successor), names)} as the successor`;
    case "lock":
      return done("Locked the account", "lock the account");
    case "archive":
      return done("Archived the account", "archive the account");
    case "unfreeze":
      return done("Unfroze the account", "unfreeze the account");
    case "cancel":
      return `${done("Cancelled", "cancel")} a scheduled operation, ${short(String(fields.operation))}`;
    case "rearm":
      return `${done("Armed", "arm")} a scheduled operation again, ${short(String(fields.operation))}`;
  }
}

/** The delays of a change; 0 stands for the account's default, and for none where one is off by default. */
function delaysText(fields: ChangeMade["fields"]): string {
  const text = (value: unknown, zero: string) => (Number(value) === 0 ? zero : durationText(Number(value)));
  return listWords(
    [
      `recovery ${text(fields.recoveryDelay, "as by default")}`,
      `removal ${text(fields.removalDelay, "as by default")}`,
      `one key alone ${text(fields.singleKeyDelay, "as by default")}`,
      `overruling ${text(fields.overrideDelay, "off")}`,
    ],
    "and",
  );
}

/** What a scheduled operation is to do, after "Scheduled:" or "Will:". */
export function askedText(asked: Asked, names: Names): string {
  switch (asked.kind) {
    case "withdraw":
      return `withdraw ${amountText(asked.token, asked.amount, names)} to ${who(asked.to, names)}`;
    case "replaceKey":
      return `replace the ${ROLE_TEXT[asked.role]} ${short(asked.oldKey)} by ${short(asked.newKey)}`;
    case "execute": {
      const count = asked.targets.length;
      return `make ${count} ${count === 1 ? "call" : "calls"}, to ${listWords(
        asked.targets.map((target) => who(target, names)),
        "and",
      )}`;
    }
    case "change":
      return changeText(asked.change, names, "asked");
    case "unknown":
      return "something that this version of Trivet cannot read";
  }
}

function factText(fact: Fact, names: Names): string {
  switch (fact.kind) {
    case "created":
      return "The account was put on the chain, with its three first keys";
    case "scheduled":
      return `Scheduled: ${askedText(fact.asked, names)}`;
    case "changed":
      return changeText(fact.change, names, "done");
    case "pending":
      return `The device key ${short(fact.key)} was added and waits to become active`;
    case "locked":
      return fact.key
        ? `Locked the account with the ${keyText(fact.key, names)}`
        : "The account locked itself: too many keys were removed";
    case "archived":
      return "Archived the account";
    case "unfrozen":
      return "Unfroze the account";
    case "keyReplaced":
      return `Replaced the ${ROLE_TEXT[fact.role]} ${short(fact.oldKey)} by ${short(fact.newKey)}`;
    case "migrated":
      return `Moved everything that was named to the successor account ${who(fact.successor, names)}`;
    case "emergencyWithdrawn":
      return `The emergency address ${who(fact.to, names)} withdrew ${amountText(fact.token, fact.amount, names)} to itself`;
    case "emergencyRehearsed":
      return `The emergency address ${who(fact.address, names)} showed that it works`;
    case "recordSet":
      return `Changed what the key network asks before it signs with the ${keyText(fact.key, names)}`;
    // Kept in forms of their own, or not the account's.
    case "withdrawn":
    case "executed":
    case "gatePublished":
    case "gateRolledBack":
      return "Something happened that is told elsewhere";
  }
}

/** What an event says, in one sentence. */
export function eventText(event: ActivityEvent, names: Names): string {
  switch (event.kind) {
    case "fact":
      return `${factText(event.fact, names)}.`;
    case "withdrew":
      return `Withdrew ${amountText(event.token, event.amount, names)} to ${who(event.to, names)}.`;
    case "called":
      return `Made ${event.calls} ${event.calls === 1 ? "call" : "calls"} to other contracts.`;
    case "received": {
      const amount = amountText(event.token, event.amount, names);
      // What comes from the zero address was made at that moment.
      return sameAddress(event.from, NATIVE_TOKEN)
        ? `Received ${amount}, newly made.`
        : `Received ${amount} from ${who(event.from, names)}.`;
    }
    case "sent":
      return `Sent ${amountText(event.token, event.amount, names)} to ${who(event.to, names)} by a call.`;
    case "coins": {
      const amount = amountText(NATIVE_TOKEN, event.amount, names);
      return event.more ? `Received ${amount}.` : `Paid ${amount} by calls or for fees.`;
    }
  }
}
