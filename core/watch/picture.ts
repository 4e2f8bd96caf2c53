import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { EFFECTS, type Effect } from "../policy/policy.ts";
import { type KeyId, zKeyId, zOperationId } from "../primitives/hex.ts";
import { type Fact, type Place, type PlacedFact, zAsked, zFact, zPlace } from "./facts.ts";

const DAY = 86_400;
/** How many changes a picture remembers; older ones were told long ago. */
const MOST_CHANGES = 100;
/** How long an operation can run once its delay is over, in seconds (Stages.sol, EXECUTION_WINDOW). */
export const EXECUTION_WINDOW = 30 * DAY;

const zWatchedKey = z.object({
  role: zRole,
  /** Seconds since 1970. */
  activeFrom: z.int(),
  /** Seconds since 1970; 0 when it never expires. */
  expires: z.int(),
  /** Whether it becomes, or became, active by time. */
  byTime: z.boolean(),
  /** The account was frozen while it was pending: time alone does not make it active any more. */
  asleep: z.boolean(),
  /** Whether device keys cannot reject it while it is pending; the events do not always tell. */
  vetoProof: z.enum(["no", "perhaps", "yes"]),
  /** Where it was added. */
  place: zPlace,
});
export type WatchedKey = z.output<typeof zWatchedKey>;

const zWaiting = z.object({
  effect: z.enum(EFFECTS),
  executableAt: z.int(),
  proposer: zKeyId,
  others: z.array(zKeyId).optional(),
  asked: zAsked,
  /** It has to be armed again before it can run. */
  asleep: z.boolean(),
  place: zPlace,
});
export type WaitingOperation = z.output<typeof zWaiting>;

const zDelays = z.object({
  recovery: z.int(),
  removal: z.int(),
  singleKey: z.int(),
  /** 0: mfa and recovery keys do not overrule device keys. */
  override: z.int(),
});

/** What the events of an account add up to, as far as it decides about warnings. Plain JSON. */
export const zPicture = z.object({
  keys: z.record(z.string(), zWatchedKey),
  scheduled: z.record(z.string(), zWaiting),
  frozen: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("no") }),
    z.object({ kind: z.literal("locked"), until: z.int(), by: zKeyId.optional(), place: zPlace }),
    z.object({ kind: z.literal("archived"), place: zPlace }),
  ]),
  /** In seconds, with the defaults where the owner set nothing. */
  delays: zDelays,
  /** What changed, the latest last. */
  changes: z.array(z.object({ fact: zFact, place: zPlace, scheduledAs: zOperationId.optional() })),
});
export type Picture = z.output<typeof zPicture>;

const DEFAULT_DELAYS: z.output<typeof zDelays> = {
  recovery: 7 * DAY,
  removal: 3 * DAY,
  singleKey: 7 * DAY,
  override: 0,
};

/** Nothing is known yet. */
export const BLANK: Picture = {
  keys: {},
  scheduled: {},
  frozen: { kind: "no" },
  delays: DEFAULT_DELAYS,
  changes: [],
};

const without = <T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== name));

const mapValues = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

const activeKey = (role: WatchedKey["role"], place: Place, expires = 0): WatchedKey => ({
  role,
  activeFrom: place.time,
  expires,
  byTime: false,
  asleep: false,
  vetoProof: "no",
  place,
});

/** What a lock or an archive puts to sleep: everything that waits, but for keys that device keys must not veto. */
function frozen(picture: Picture, state: Picture["frozen"], { time }: Place): Picture {
  return {
    ...picture,
    frozen: state,
    keys: mapValues(picture.keys, (key) =>
      key.byTime && key.activeFrom > time && key.vetoProof !== "yes" ? { ...key, asleep: true } : key,
    ),
    scheduled: mapValues(picture.scheduled, (entry) =>
      time > entry.executableAt + EXECUTION_WINDOW ? entry : { ...entry, asleep: true },
    ),
  };
}

/** Takes a scheduled operation out that its nonce names; what ran is remembered as having been scheduled. */
function ranByNonce(picture: Picture, nonce: string): { picture: Picture; scheduledAs?: string } {
  const found = Object.entries(picture.scheduled).find(
    ([, { asked }]) => asked.kind !== "unknown" && asked.nonce === nonce,
  );
  if (!found) return { picture };
  return { picture: { ...picture, scheduled: without(picture.scheduled, found[0]) }, scheduledAs: found[0] };
}

function noted(picture: Picture, { fact, place }: PlacedFact, scheduledAs?: string): Picture {
  const change = { fact, place, ...(scheduledAs && { scheduledAs: zOperationId.parse(scheduledAs) }) };
  return { ...picture, changes: [...picture.changes, change].slice(-MOST_CHANGES) };
}

/** Seconds that an operation waits that is armed now. */
function delayOf({ delays }: Picture, effect: Effect): number {
  if (effect === "afterSingleKeyDelay") return delays.singleKey;
  return effect === "afterRemovalDelay" ? delays.removal : delays.recovery;
}

/** Whether nobody can reject a key that becomes active after this wait: the mfa and recovery keys overruled. */
function vetoProof({ delays }: Picture, seconds: number): WatchedKey["vetoProof"] {
  if (delays.override === 0 || seconds !== delays.override) return "no";
  return delays.override === delays.recovery ? "perhaps" : "yes";
}

const number = (value: unknown): number => Number(value);
const orDefault = (value: unknown, byDefault: number): number => number(value) || byDefault;

function changed(picture: Picture, placed: PlacedFact, fact: Extract<Fact, { kind: "changed" }>): Picture {
  const { kind, fields } = fact.change;
  const ran = fact.operation in picture.scheduled ? fact.operation : undefined;
  const before = ran ? { ...picture, scheduled: without(picture.scheduled, ran) } : picture;
  const next = noted(before, placed, ran);
  const { time } = placed.place;
  const key = zKeyId.safeParse(fields.key).data;
  switch (kind) {
    case "addKey": {
      const role = zRole.safeParse(fields.role).data;
      return key && role
        ? { ...next, keys: { ...next.keys, [key]: activeKey(role, placed.place, number(fields.expires)) } }
        : next;
    }
    case "activateKey": {
      const known = key && next.keys[key];
      if (!key || !known) return next;
      const active = { ...known, activeFrom: time, byTime: false, asleep: false };
      return { ...next, keys: { ...next.keys, [key]: active } };
    }
    case "rejectKey":
    case "removeKey":
      return key ? { ...next, keys: without(next.keys, key) } : next;
    case "setDelays":
      return {
        ...next,
        delays: {
          recovery: orDefault(fields.recoveryDelay, DEFAULT_DELAYS.recovery),
          removal: orDefault(fields.removalDelay, DEFAULT_DELAYS.removal),
          singleKey: orDefault(fields.singleKeyDelay, DEFAULT_DELAYS.singleKey),
          override: number(fields.overrideDelay),
        },
      };
    case "cancel":
      return { ...next, scheduled: without(next.scheduled, String(fields.operation)) };
    case "rearm": {
      const id = String(fields.operation);
      const entry = next.scheduled[id];
      if (!entry) return next;
      const armed = { ...entry, asleep: false, executableAt: time + delayOf(next, entry.effect) };
      return { ...next, scheduled: { ...next.scheduled, [id]: armed } };
    }
    // Freezing and its end have events of their own, and are no news twice.
    case "lock":
    case "archive":
    case "unfreeze":
      return before;
    default:
      return next;
  }
}

/** The picture after one more fact. Facts come in the order of the chain. */
export function withFact(picture: Picture, placed: PlacedFact): Picture {
  const { fact, place } = placed;
  switch (fact.kind) {
    case "created":
      return {
        ...picture,
        keys: {
          ...picture.keys,
          [fact.device]: activeKey("device", place),
          [fact.mfa]: activeKey("mfa", place),
          [fact.recovery]: activeKey("recovery", place),
        },
      };
    case "scheduled": {
      const { kind: _, operation, ...accepted } = fact;
      const entry = { ...accepted, asleep: false, place };
      return { ...picture, scheduled: { ...picture.scheduled, [operation]: entry } };
    }
    case "changed":
      return changed(picture, placed, fact);
    case "pending": {
      const known = picture.keys[fact.key] ?? activeKey("device", place);
      const proof = vetoProof(picture, fact.activeFrom - place.time);
      const key = { ...known, activeFrom: fact.activeFrom, byTime: true, vetoProof: proof };
      return { ...picture, keys: { ...picture.keys, [fact.key]: key } };
    }
    case "locked":
      return frozen(
        picture,
        { kind: "locked", until: fact.until, place, ...(fact.key && { by: fact.key }) },
        place,
      );
    case "archived":
      return frozen(picture, { kind: "archived", place }, place);
    case "unfrozen":
      return { ...noted(picture, placed), frozen: { kind: "no" } };
    case "keyReplaced": {
      const { role, oldKey, newKey, nonce } = fact;
      const { picture: next, scheduledAs } = ranByNonce(picture, nonce);
      const keys = { ...without(next.keys, oldKey), [newKey]: activeKey(role, place) };
      return { ...noted(next, placed, scheduledAs), keys };
    }
    case "withdrawn": {
      // An ordinary withdrawal is no change of the account; one that waited in the schedule is told of.
      const { picture: next, scheduledAs } = ranByNonce(picture, fact.nonce);
      return scheduledAs ? noted(next, placed, scheduledAs) : next;
    }
    case "executed":
      return fact.operation in picture.scheduled
        ? noted({ ...picture, scheduled: without(picture.scheduled, fact.operation) }, placed, fact.operation)
        : picture;
    case "recordSet":
      // Whose record the registry holds is known by the key alone. A first record takes nothing from anybody.
      return fact.key in picture.keys && fact.version > 1 ? noted(picture, placed) : picture;
    case "migrated":
    case "emergencyWithdrawn":
    case "emergencyRehearsed":
    case "gatePublished":
    case "gateRolledBack":
      return noted(picture, placed);
  }
}

/** Whether a key has authority at a time (seconds since 1970). */
export const isActive = ({ activeFrom, expires, asleep }: WatchedKey, time: number): boolean =>
  !asleep && activeFrom <= time && (expires === 0 || time < expires);

/** The picture's keys with their ids. */
export const keysOf = ({ keys }: Picture): { id: KeyId; key: WatchedKey }[] =>
  Object.entries(keys).map(([id, key]) => ({ id: zKeyId.parse(id), key }));
