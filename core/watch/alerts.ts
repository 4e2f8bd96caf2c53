import { z } from "zod";
import { type Role, ROLES, zRole } from "../keys/role.ts";
import { authoritiesOf } from "../policy/authorities.ts";
import type { Circumstances, Effect, Frozen, PolicyKind } from "../policy/policy.ts";
import { type Address, zAddress } from "../primitives/address.ts";
import { zKeyId, zOperationId } from "../primitives/hex.ts";
import { zAsked, zFact, zPlace } from "./facts.ts";
import { EXECUTION_WINDOW, isActive, keysOf, type Picture, type WaitingOperation } from "./picture.ts";

const DAY = 86_400;
/** How long before a key expires its owner is warned. */
const EXPIRES_SOON = 14 * DAY;
/** When little time is left for a veto, one more warning comes. */
const LAST_CALL = DAY;
/** How long something that is over stays worth telling. */
const NEWS = 30 * DAY;

/** What a warning is about. */
const zSubject = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("scheduled"),
    operation: zOperationId,
    asked: zAsked,
    proposer: zKeyId,
    /** The other keys that proposed it; absent where that is not known. */
    others: z.array(zKeyId).optional(),
  }),
  z.object({ kind: z.literal("pending-key"), key: zKeyId, vetoProof: z.enum(["no", "perhaps", "yes"]) }),
  /** A pending key became active by time alone, which no event tells. */
  z.object({ kind: z.literal("key-became-active"), key: zKeyId }),
  z.object({ kind: z.literal("locked"), by: zKeyId.optional() }),
  z.object({ kind: z.literal("archived") }),
  z.object({ kind: z.literal("key-expiring"), key: zKeyId, role: zRole }),
  /** Something changed; where it had waited in the schedule, `scheduledAs` is its id. */
  z.object({ kind: z.literal("change"), fact: zFact, scheduledAs: zOperationId.optional() }),
]);
export type Subject = z.output<typeof zSubject>;

/**
 * How far it is: `waiting` for its time, `soon` in the last day of it, `due` now, `asleep` until somebody wakes it,
 * `over`. Each stage is told once.
 */
export const STAGES = ["waiting", "soon", "due", "asleep", "over"] as const;
export type Stage = (typeof STAGES)[number];

/** What stops something, in the terms of a change of the account. */
export const zRemedy = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("cancel"), operation: zOperationId }),
  z.object({ kind: z.literal("rejectKey"), key: zKeyId }),
  z.object({ kind: z.literal("unfreeze") }),
]);

/** A warning about an account, or about the network all accounts share. Plain JSON. */
export const zAlert = z.object({
  /** The same for the same thing, on every computer; its stages share it. */
  id: z.string(),
  account: zAddress.optional(),
  subject: zSubject,
  stage: z.enum(STAGES),
  /** Seconds since 1970: when it takes effect, becomes active, lapses or expires. */
  until: z.int().optional(),
  /** What stops it, and which roles' keys together can do so; none where nothing does. */
  veto: z
    .object({
      remedy: zRemedy,
      /** One of these lists suffices, as many keys of each role as its threshold says. */
      by: z.array(z.array(zRole)).min(1),
      /** A key that may not, because it proposed what is to be stopped. */
      butNot: zKeyId.optional(),
    })
    .optional(),
  /** The event it follows from. */
  place: zPlace,
});
export type Alert = z.output<typeof zAlert>;
export type Remedy = z.output<typeof zRemedy>;
type Veto = NonNullable<Alert["veto"]>;
/** An alert that does not say yet whose it is. */
type Found = Omit<Alert, "account">;

const NO_SWITCHES = {
  thresholds: { device: 1, mfa: 1, recovery: 1 },
  allowed: false,
  singleKeyRoles: new Set<Role>(),
  overrideOn: false,
} as const;

const frozenAt = ({ frozen }: Picture, time: number): Frozen => {
  if (frozen.kind === "locked") return time < frozen.until ? "locked" : "no";
  return frozen.kind === "archived" ? "archived" : "no";
};

/** The roles whose keys can act; all of them while the account's keys are not known. */
function rolesAt(picture: Picture, time: number, butNot?: string): ReadonlySet<Role> {
  const keys = keysOf(picture);
  if (keys.length === 0) return new Set(ROLES);
  return new Set(
    keys.filter(({ id, key }) => id !== butNot && isActive(key, time)).map(({ key }) => key.role),
  );
}

/** Who can bring a remedy about at once, by the policy. */
function vetoOf(
  picture: Picture,
  time: number,
  kind: PolicyKind,
  remedy: Remedy,
  { vetoByAny = false, butNot }: { vetoByAny?: boolean; butNot?: Veto["butNot"] } = {},
): { veto?: Veto } {
  const circumstances: Omit<Circumstances, "signed"> = {
    ...NO_SWITCHES,
    frozen: frozenAt(picture, time),
    vetoByAny,
  };
  const by = authoritiesOf(kind, circumstances, rolesAt(picture, time, butNot))
    .filter(({ effect }) => effect === "now")
    .map(({ roles }) => [...roles]);
  return by.length === 0 ? {} : { veto: { remedy, by, ...(butNot && { butNot }) } };
}

const isSoon = (until: number, time: number): boolean => until - time <= LAST_CALL;

function stageOf({ executableAt, asleep }: WaitingOperation, time: number): Stage {
  if (asleep) return "asleep";
  if (time >= executableAt) return "due";
  return isSoon(executableAt, time) ? "soon" : "waiting";
}

/** What any key but its proposer may cancel, and not only a device key (AccountChanges.sol, _kindOf). */
const anyKeyMayCancel = (effect: Effect): boolean => effect !== "afterRecoveryDelay";

function scheduledAlerts(name: string, picture: Picture, time: number): Found[] {
  return Object.entries(picture.scheduled).flatMap(([id, entry]): Found[] => {
    const operation = zOperationId.parse(id);
    const lapsesAt = entry.executableAt + EXECUTION_WINDOW;
    if (!entry.asleep && time > lapsesAt) return [];
    const stage = stageOf(entry, time);
    const byAny = anyKeyMayCancel(entry.effect);
    const { asked, proposer, others } = entry;
    // What several proposed, each of them may take back (AccountChanges.sol).
    const isAlone = others === undefined || others.length === 0;
    return [
      {
        id: `${name}:scheduled:${operation}`,
        subject: { kind: "scheduled", operation, asked, proposer, ...(others && { others }) },
        stage,
        ...(stage !== "asleep" && { until: stage === "due" ? lapsesAt : entry.executableAt }),
        ...vetoOf(
          picture,
          time,
          "cancel",
          { kind: "cancel", operation },
          { vetoByAny: byAny, butNot: byAny && isAlone ? proposer : undefined },
        ),
        place: entry.place,
      },
    ];
  });
}

function keyAlerts(name: string, picture: Picture, time: number): Found[] {
  return keysOf(picture).flatMap(({ id: key, key: state }): Found[] => {
    const { role, activeFrom, expires, byTime, asleep, vetoProof, place } = state;
    const found: Found[] = [];
    if (byTime && (asleep || time < activeFrom)) {
      found.push({
        id: `${name}:pending:${key}:${place.transaction}`,
        subject: { kind: "pending-key", key, vetoProof },
        stage: asleep ? "asleep" : isSoon(activeFrom, time) ? "soon" : "waiting",
        ...(!asleep && { until: activeFrom }),
        ...(vetoProof !== "yes" && vetoOf(picture, time, "rejectKey", { kind: "rejectKey", key })),
        place,
      });
    } else if (byTime && time < activeFrom + NEWS) {
      found.push({
        id: `${name}:active:${key}:${place.transaction}`,
        subject: { kind: "key-became-active", key },
        stage: "over",
        place,
      });
    }
    if (expires !== 0 && time >= expires - EXPIRES_SOON && time < expires + NEWS) {
      found.push({
        id: `${name}:expiring:${key}:${expires}`,
        subject: { kind: "key-expiring", key, role },
        stage: time >= expires ? "over" : isSoon(expires, time) ? "soon" : "waiting",
        until: expires,
        place,
      });
    }
    return found;
  });
}

function frozenAlerts(name: string, picture: Picture, time: number): Found[] {
  const { frozen } = picture;
  if (frozen.kind === "no" || frozenAt(picture, time) === "no") return [];
  const end = vetoOf(picture, time, "unfreeze", { kind: "unfreeze" });
  const id = `${name}:frozen:${frozen.place.transaction}`;
  return frozen.kind === "locked"
    ? [
        {
          id,
          subject: { kind: "locked", ...(frozen.by && { by: frozen.by }) },
          stage: isSoon(frozen.until, time) ? "soon" : "waiting",
          until: frozen.until,
          ...end,
          place: frozen.place,
        },
      ]
    : [{ id, subject: { kind: "archived" }, stage: "asleep", ...end, place: frozen.place }];
}

function changeAlerts(name: string, { changes }: Picture, time: number): Found[] {
  const inTransaction = new Map<string, number>();
  return changes.flatMap(({ fact, place, scheduledAs }): Found[] => {
    const before = inTransaction.get(place.transaction) ?? 0;
    inTransaction.set(place.transaction, before + 1);
    if (time >= place.time + NEWS) return [];
    // An RPC that tells of another record in its place must not take its name.
    const record = fact.kind === "recordSet" && fact.record !== undefined ? `:${fact.record}` : "";
    return [
      {
        id: `${name}:${fact.kind}:${place.transaction}:${before}${record}`,
        subject: { kind: "change", fact, ...(scheduledAs && { scheduledAs }) },
        stage: "over",
        place,
      },
    ];
  });
}

/**
 * Everything about an account that its owner should know of now.
 * @param account undefined for what concerns the network all accounts share
 * @param time the chain's time, seconds since 1970
 */
export function alertsOf(account: Address | undefined, picture: Picture, time: number): Alert[] {
  const name = account?.toLowerCase() ?? "network";
  const found = [
    ...scheduledAlerts(name, picture, time),
    ...keyAlerts(name, picture, time),
    ...frozenAlerts(name, picture, time),
    ...changeAlerts(name, picture, time),
  ];
  return found.map((alert) => (account ? { ...alert, account } : alert));
}

/** Whether something can still be done about it, or it goes on: it stays until it ends. Others are news. */
export const isStanding = ({ subject }: Alert): boolean =>
  subject.kind !== "change" && subject.kind !== "key-became-active";

/** Under this name an alert is told once: each stage of it anew. */
export const tellingOf = ({ id, stage }: Alert): string => `${id}#${stage}`;
