import type { Role } from "../keys/role.ts";
import { type Address, NATIVE_TOKEN, sameAddress, toAddress } from "../primitives/address.ts";
import type { ActivityItem, ActivityKind, Coming, Outcome } from "../wallet-api/activity.ts";
import type { Token } from "../wallet-api/state.ts";
import type { ChangeMade, Fact } from "../watch/facts.ts";
import { BLANK, EXECUTION_WINDOW, keysOf, type Picture, withFact } from "../watch/picture.ts";
import type { ActivityEntry, ActivityEvent } from "./entry.ts";
import { askedText, eventText, keyText, type Names, type PeopleNames } from "./words.ts";
import { zOperationId, zTransactionHash } from "../primitives/hex.ts";

export interface HistoryOptions {
  readonly tokens: readonly Token[];
  readonly people: PeopleNames;
  /** Whose keys signed what a transaction did, where this computer remembers. */
  readonly signedBy: (transaction: string) => readonly Role[] | undefined;
  /** By the chain's clock, seconds since 1970. */
  readonly now: number;
}

export interface History {
  /** The newest first. */
  readonly items: ActivityItem[];
  /** What comes first first. */
  readonly coming: Coming[];
}

/** What the watcher makes of an event. */
function factOf(event: ActivityEvent): Fact | undefined {
  switch (event.kind) {
    case "fact":
      return event.fact;
    case "withdrew":
      return { kind: "withdrawn", nonce: event.nonce };
    case "called":
      return { kind: "executed", operation: event.operation };
    default:
      return undefined;
  }
}

const CHANGE_KIND: Readonly<Record<ChangeMade["kind"], ActivityKind>> = {
  addKey: "keys",
  activateKey: "keys",
  rejectKey: "keys",
  removeKey: "keys",
  setThreshold: "keys",
  setEmergencyAddress: "emergency",
  setAllowlisted: "settings",
  setScope: "settings",
  setLimit: "settings",
  setHours: "settings",
  setDelays: "settings",
  setRules: "settings",
  setSuccessor: "freeze",
  lock: "freeze",
  archive: "freeze",
  unfreeze: "freeze",
  cancel: "schedule",
  rearm: "schedule",
};

function kindOf(event: ActivityEvent): ActivityKind {
  switch (event.kind) {
    case "received":
      return "money-in";
    case "withdrew":
    case "sent":
      return "money-out";
    case "coins":
      return event.more ? "money-in" : "money-out";
    case "called":
      return "calls";
    case "fact":
  }
  switch (event.fact.kind) {
    case "changed":
      return CHANGE_KIND[event.fact.change.kind];
    case "scheduled":
      return "schedule";
    case "locked":
    case "archived":
    case "unfrozen":
      return "freeze";
    case "emergencyWithdrawn":
    case "emergencyRehearsed":
      return "emergency";
    case "migrated":
    case "withdrawn":
      return "money-out";
    case "executed":
      return "calls";
    default:
      return "keys";
  }
}

/** Of an event: the token that moved, how much of it, and who stands on the other side. */
function moved(event: ActivityEvent): { token?: Address; amount?: string; party?: Address } {
  switch (event.kind) {
    case "withdrew":
    case "sent":
      return { token: event.token, amount: event.amount, party: event.to };
    case "received":
      return { token: event.token, amount: event.amount, party: event.from };
    case "coins":
      return { token: NATIVE_TOKEN, amount: event.amount };
    case "called":
      return {};
    case "fact":
  }
  const { fact } = event;
  switch (fact.kind) {
    case "emergencyWithdrawn":
      return { token: fact.token, amount: fact.amount, party: fact.to };
    case "emergencyRehearsed":
      return { party: fact.address };
    case "migrated":
      return { party: fact.successor };
    case "scheduled":
      return fact.asked.kind === "withdraw"
        ? { token: fact.asked.token, amount: fact.asked.amount, party: fact.asked.to }
        : {};
    case "changed": {
      const party = fact.change.fields.recipient ?? fact.change.fields.target;
      return typeof party === "string" ? { party: toAddress(party) } : {};
    }
    default:
      return {};
  }
}

/** What freezing and unfreezing change has events of its own; gates are not the account's; some is told in other forms. */
function isToldElsewhere(event: ActivityEvent): boolean {
  if (event.kind !== "fact") return false;
  const { fact } = event;
  if (fact.kind === "changed") return ["lock", "archive", "unfreeze"].includes(fact.change.kind);
  if (fact.kind === "recordSet") return fact.version <= 1;
  return ["withdrawn", "executed", "gatePublished", "gateRolledBack"].includes(fact.kind);
}

/** Everything else that a transaction did, to tell what of it one event already says. */
type Beside = ReadonlyMap<string, readonly ActivityEvent[]>;

/** A transfer that a withdrawal made, or a delay that an added key has: another event of the transaction says it. */
function isSaidBeside(event: ActivityEvent, events: readonly ActivityEvent[]): boolean {
  if (event.kind === "fact" && event.fact.kind === "pending") {
    const { key } = event.fact;
    return events.some(
      (other) =>
        other.kind === "fact" &&
        other.fact.kind === "changed" &&
        other.fact.change.kind === "addKey" &&
        other.fact.change.fields.key === key,
    );
  }
  if (event.kind !== "sent") return false;
  return events.some((other) => {
    if (other === event || other.kind === "received" || other.kind === "coins") return false;
    if (other.kind === "fact" && other.fact.kind === "migrated") return true;
    const { token, party } = moved(other);
    return (
      other.kind !== "sent" &&
      token !== undefined &&
      party !== undefined &&
      sameAddress(token, event.token) &&
      sameAddress(party, event.to)
    );
  });
}

/** Until when an added key is pending, where it is. */
function pendingUntil(event: ActivityEvent, events: readonly ActivityEvent[]): number | undefined {
  if (event.kind !== "fact" || event.fact.kind !== "changed" || event.fact.change.kind !== "addKey") {
    return undefined;
  }
  const { key } = event.fact.change.fields;
  for (const other of events) {
    if (other.kind === "fact" && other.fact.kind === "pending" && other.fact.key === key) {
      return other.fact.activeFrom;
    }
  }
  return undefined;
}

/** The roles of all keys that the account ever had, by their ids. */
export function keyRolesIn(entries: readonly ActivityEntry[]): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const { event } of entries) {
    if (event.kind !== "fact") continue;
    const { fact } = event;
    if (fact.kind === "created") {
      roles.set(fact.device, "device").set(fact.mfa, "mfa").set(fact.recovery, "recovery");
    }
    if (fact.kind === "keyReplaced") roles.set(fact.newKey, fact.role);
    if (fact.kind === "changed" && fact.change.kind === "addKey") {
      const { key, role } = fact.change.fields;
      if (role === "device" || role === "mfa" || role === "recovery") roles.set(String(key), role);
    }
  }
  return roles;
}

/** Which scheduled operations ran or were cancelled. */
function endsOf(entries: readonly ActivityEntry[]): Map<string, "ran" | "cancelled"> {
  const ends = new Map<string, "ran" | "cancelled">();
  let before: Picture = BLANK;
  for (const entry of entries) {
    const fact = factOf(entry.event);
    if (!fact) continue;
    const after = withFact(before, placed(entry, fact));
    const cancelled =
      fact.kind === "changed" && fact.change.kind === "cancel" && fact.change.fields.operation;
    for (const id of Object.keys(before.scheduled)) {
      if (id in after.scheduled) continue;
      ends.set(id, id === cancelled ? "cancelled" : "ran");
    }
    before = after;
  }
  return ends;
}

/** Facts of the account have a transaction; what has none is no fact. */
const NO_TRANSACTION = zTransactionHash.parse(`0x${"00".repeat(32)}`);

const placed = ({ block, blockHash, transaction, time }: ActivityEntry, fact: Fact) => ({
  fact,
  place: { block, blockHash, transaction: transaction ?? NO_TRANSACTION, time },
});

function stageOf({ executableAt, asleep }: Picture["scheduled"][string], now: number): Coming["stage"] {
  if (asleep) return "asleep";
  if (now < executableAt) return "waiting";
  return now <= executableAt + EXECUTION_WINDOW ? "due" : "lapsed";
}

/** The fields of an event, as they stand there. */
function detailsOf({ event, block, blockHash }: ActivityEntry): ActivityItem["details"] {
  const plain =
    event.kind === "fact"
      ? { ...event.fact, ...(event.fact.kind === "changed" && event.fact.change.fields) }
      : event;
  const fields = Object.entries(plain).flatMap(([label, value]) =>
    label === "kind" || typeof value === "object" ? [] : [{ label, value: String(value) }],
  );
  return [...fields, { label: "block", value: `${block} ${blockHash}` }];
}

function operationOf(event: ActivityEvent): ActivityItem["operation"] {
  if (event.kind === "called") return event.operation;
  if (event.kind !== "fact") return undefined;
  const { fact } = event;
  return fact.kind === "scheduled" || fact.kind === "changed" ? fact.operation : undefined;
}

/** The key that did something alone, as the event itself says. */
function soleSigner(event: ActivityEvent, roles: ReadonlyMap<string, Role>): readonly Role[] | undefined {
  if (event.kind !== "fact") return undefined;
  const key =
    event.fact.kind === "locked"
      ? event.fact.key
      : event.fact.kind === "scheduled"
        ? event.fact.proposer
        : undefined;
  const role = key && roles.get(key);
  return role ? [role] : undefined;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function comingOf(picture: Picture, names: Names, now: number): Coming[] {
  const operations = Object.entries(picture.scheduled).flatMap(([id, entry]): Coming[] => {
    const stage = stageOf(entry, now);
    if (stage === "lapsed") return [];
    const sentence = `${capital(askedText(entry.asked, names))}.`;
    const operation = zOperationId.parse(id);
    return [{ id, sentence, at: entry.executableAt, what: "operation", stage, operation }];
  });
  const keys = keysOf(picture).flatMap(({ id, key }): Coming[] => {
    return [
      ...(key.byTime && !key.asleep && key.activeFrom > now
        ? [
            {
              id: `${id} active`,
              sentence: `The pending ${keyText(id, names)} becomes active.`,
              at: key.activeFrom,
              what: "key-active" as const,
            },
          ]
        : []),
      ...(key.expires > now
        ? [
            {
              id: `${id} expires`,
              sentence: `The ${keyText(id, names)} expires.`,
              at: key.expires,
              what: "key-expires" as const,
            },
          ]
        : []),
    ];
  });
  const { frozen } = picture;
  const lock: Coming[] =
    frozen.kind === "locked" && frozen.until > now
      ? [{ id: "lock", sentence: "The lock lapses by itself.", at: frozen.until, what: "lock-lapses" }]
      : [];
  return [...operations, ...keys, ...lock].sort((a, b) => a.at - b.at);
}

/**
 * What entries of one account add up to for a reader.
 * @param entries in the chain's order
 */
export function historyOf(entries: readonly ActivityEntry[], options: HistoryOptions): History {
  const roles = keyRolesIn(entries);
  const names: Names = {
    token: (address) => options.tokens.find((token) => sameAddress(token.address, address)),
    ...options.people,
    role: (id) => roles.get(id),
  };
  const ends = endsOf(entries);
  const picture = entries.reduce((before, entry) => {
    const fact = factOf(entry.event);
    return fact ? withFact(before, placed(entry, fact)) : before;
  }, BLANK);
  const beside: Beside = new Map(
    [...Map.groupBy(entries, ({ transaction }) => transaction ?? "")].map(([transaction, group]) => [
      transaction,
      group.map(({ event }) => event),
    ]),
  );

  function outcomeOf(event: ActivityEvent): Pick<ActivityItem, "outcome" | "executableAt"> {
    if (event.kind !== "fact" || event.fact.kind !== "scheduled") return {};
    const { operation, executableAt } = event.fact;
    const still = picture.scheduled[operation];
    const outcome: Outcome | undefined = still ? stageOf(still, options.now) : ends.get(operation);
    return { ...(outcome && { outcome }), executableAt: still?.executableAt ?? executableAt };
  }

  function itemOf(entry: ActivityEntry): ActivityItem | undefined {
    const { event, transaction, time, block, index } = entry;
    const events = (transaction && beside.get(transaction)) ?? [];
    if (isToldElsewhere(event) || isSaidBeside(event, events)) return undefined;
    const { token, amount, party } = moved(event);
    const known = token && options.tokens.find(({ address }) => sameAddress(address, token));
    const name = party && names.person(party);
    const signedBy = (transaction && options.signedBy(transaction)) ?? soleSigner(event, roles);
    const operation = operationOf(event);
    const until = pendingUntil(event, events);
    const sentence = eventText(event, names);
    return {
      id: `${block}-${index}`,
      kind: kindOf(event),
      sentence: until === undefined ? sentence : `${sentence.slice(0, -1)}, which waits to become active.`,
      time,
      block,
      ...(transaction && { transaction }),
      ...(known && { token: known }),
      ...(known && amount !== undefined && { amount: BigInt(amount) }),
      ...(party && { counterparty: party }),
      ...(name !== undefined && { name }),
      ...(operation && { operation }),
      ...outcomeOf(event),
      ...(until !== undefined && { executableAt: until }),
      ...(signedBy && { signedBy: [...signedBy] }),
      details: detailsOf(entry),
    };
  }

  return {
    items: entries.flatMap((entry) => itemOf(entry) ?? []).reverse(),
    coming: comingOf(picture, names, options.now),
  };
}
