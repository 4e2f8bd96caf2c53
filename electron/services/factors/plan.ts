/** What a change of factors consists of, and how far it is. */
import { isSameFactor, type OpenedRecord, type RecordFactor } from "#core/security/opened-record.ts";
import type { RecordChange } from "#core/security/record-change.ts";
import type { FactorChangeView, FactorStepId } from "#core/wallet-api/factors.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { FactorEntry } from "./journal.ts";

/** What is not kept: it ends with the process. */
export interface Runtime {
  readonly running: boolean;
  /** The proofs were seen to suffice since the change was last begun. */
  readonly proved: boolean;
  readonly needs?: FactorChangeView["needs"];
  /** The wallet that the person chose to sign the requests itself. */
  readonly wallet?: Address | undefined;
}

/** The authenticator takes one app of a person, so the old one has to go before another can come. */
export const releasesFirst = ({ kind, type }: FactorEntry): boolean => kind === "change" && type === "totp";

/** Whether the change sets something up: what the authenticator has already only goes into the records. */
const setsUp = ({ kind, ownSetUp, added }: FactorEntry): boolean =>
  kind !== "remove" && (ownSetUp || added === undefined);

/** Passwords are in no record: no gate counts them. */
const goesIntoRecords = ({ type }: FactorEntry): boolean => type !== "password";

/** Whether the old factor is deleted at the authenticator in the end. */
export const deletesOld = (entry: FactorEntry): boolean =>
  entry.old !== undefined && !releasesFirst(entry) && entry.type !== "wallet" && entry.type !== "password";

/** The steps of a change. */
export function stepsOf(entry: FactorEntry, roles: readonly ReplaceableRole[]): FactorStepId[] {
  return [
    "prove",
    ...(releasesFirst(entry) ? (["release"] as const) : []),
    ...(setsUp(entry) ? (["set-up"] as const) : []),
    ...(setsUp(entry) && entry.type === "totp" ? (["keep-codes"] as const) : []),
    ...(goesIntoRecords(entry) ? roles : []),
    ...(deletesOld(entry) ? (["tidy-up"] as const) : []),
  ];
}

function isDone(entry: FactorEntry, step: FactorStepId, { proved }: Runtime): boolean {
  switch (step) {
    case "prove":
      return (
        proved || entry.released || (entry.ownSetUp && entry.added !== undefined) || entry.written.length > 0
      );
    case "release":
      return entry.released;
    case "set-up":
      return entry.added !== undefined;
    case "keep-codes":
      return entry.codesKept;
    case "mfa":
    case "recovery":
      return entry.written.includes(step);
    case "tidy-up":
      return entry.ended === "done";
  }
}

/** The first step that is not done. */
export const nextStep = (
  entry: FactorEntry,
  roles: readonly ReplaceableRole[],
  runtime: Runtime,
): FactorStepId | undefined => stepsOf(entry, roles).find((step) => !isDone(entry, step, runtime));

/** What the gate calls the change. */
export function recordChangeOf({ kind, type }: FactorEntry): RecordChange {
  if (kind !== "change") return kind === "add" ? "add-factor" : "remove-factor";
  return type === "email" ? "change-email" : "change-factor";
}

/** What a record is to hold: without the old factor, with the new one. */
export function wantedFactors({ old, added }: FactorEntry, { factors }: OpenedRecord): RecordFactor[] {
  const kept = factors.filter((factor) => !old || !isSameFactor(factor, old));
  const isThere = !added || kept.some((factor) => isSameFactor(factor, added));
  return isThere ? kept : [...kept, added];
}

/** Whether a record already is as it is to be, so that nobody has to sign anything for it. */
export const isWanted = (entry: FactorEntry, record: OpenedRecord): boolean =>
  (entry.kind === "remove" || entry.added !== undefined) &&
  isSameList(wantedFactors(entry, record), record.factors);

const isSameList = (a: readonly RecordFactor[], b: readonly RecordFactor[]): boolean =>
  a.length === b.length && a.every((factor) => b.some((other) => isSameFactor(factor, other)));

/** What dropping it would mean; undefined where it can only go on. */
export function dropOf(entry: FactorEntry, roles: readonly ReplaceableRole[]): FactorChangeView["drop"] {
  const { kind, added, ownSetUp, written, released, ended } = entry;
  if (ended) return undefined;
  const begun = written.length > 0;
  const isWritten = roles.every((role) => written.includes(role));
  if (begun && isWritten && deletesOld(entry)) return "leave-rest";
  // Half of a change is undone by its opposite; that one would have to be proven like any other.
  if (begun && kind !== "add") return undefined;
  if (added && ownSetUp) return released ? undefined : "turn-around";
  // Without the app that was released, the records name one that does not exist.
  return released || begun ? undefined : "nothing-done";
}

/** The entry that undoes an addition: what was set up is removed again, also from a record that names it already. */
export function turnedAround(entry: FactorEntry): FactorEntry {
  const { added, failure: _, ...rest } = entry;
  return { ...rest, kind: "remove", ...(added && { old: added }), ownSetUp: false, written: [] };
}

/** The change as the screens show it. */
export function viewOf(
  entry: FactorEntry,
  roles: readonly ReplaceableRole[],
  runtime: Runtime,
): FactorChangeView {
  const { id, createdAt, kind, type, name, ended, failure } = entry;
  const { running, needs } = runtime;
  const next = ended ? undefined : nextStep(entry, roles, runtime);
  const drop = dropOf(entry, roles);
  return {
    id,
    createdAt,
    kind,
    type,
    ...(name !== undefined && { name }),
    steps: stepsOf(entry, roles).map((step) => {
      if (ended === "done" || (step !== next && isDone(entry, step, runtime)))
        return { id: step, status: "done" };
      if (step !== next) return { id: step, status: "waiting" };
      if (needs) return { id: step, status: "needs-you", ...(failure && { error: failure.error }) };
      if (running) return { id: step, status: "running" };
      return failure ? { id: step, status: "failed", error: failure.error } : { id: step, status: "waiting" };
    }),
    status: ended ?? (running ? "running" : "waiting"),
    ...(drop && { drop }),
    ...(needs && { needs }),
  };
}
