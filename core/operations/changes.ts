import { z } from "zod";
import { keyId } from "../keys/key.ts";
import type { Role } from "../keys/role.ts";
import { type Address, zAddress } from "../primitives/address.ts";
import { zUint256, zUint256String } from "../primitives/amount.ts";
import { FIELD, type Field } from "./fields.ts";

/** Fields of a change by their EIP-712 names, in the order in which they are hashed. */
type Fields = Readonly<Record<string, Field>>;

type OperationOf<Kind extends string, F extends Fields> = {
  readonly [Name in keyof F]: z.output<F[Name]["schema"]>;
} & { readonly kind: Kind; readonly account: Address; readonly nonce: bigint };
type ShapeOf<F extends Fields, Form extends "schema" | "json"> = { [Name in keyof F]: F[Name][Form] };

/** What a hardware wallet shows of a change; the contract rebuilds both texts from the same words. ASCII. */
interface Texts<Operation> {
  /** What is done: "Remove key". */
  change(operation: Operation): string;
  /** To what, and how. */
  value(operation: Operation): string;
}

function shapeOf<F extends Fields, Form extends "schema" | "json">(fields: F, form: Form): ShapeOf<F, Form> {
  const entries = Object.entries(fields).map(([name, field]) => [name, field[form]]);
  // The same names, each with that schema of its own field: TypeScript does not follow entries.
  return Object.fromEntries(entries) as ShapeOf<F, Form>;
}

/** One row: everything that is known of one kind of change follows from it. */
function change<const Kind extends string, const F extends Fields>(
  kind: Kind,
  typeName: string,
  fields: F,
  texts: Texts<OperationOf<Kind, F>>,
) {
  const common = { kind: z.literal(kind), account: zAddress };
  return {
    kind,
    typeName,
    fields,
    texts,
    schema: z.strictObject({ ...common, ...shapeOf(fields, "schema"), nonce: zUint256 }),
    json: z.strictObject({ ...common, ...shapeOf(fields, "json"), nonce: zUint256String }),
  };
}

const ROLE_NAME = { device: "device", mfa: "MFA", recovery: "recovery" } as const satisfies Record<
  Role,
  string
>;
const lower = (hex: string) => hex.toLowerCase();
const yesNo = (flag: boolean) => (flag ? "yes" : "no");
const always = (text: string) => () => text;

/**
 * The changes of an account, in the order of the contract's numbers: how each is called in TypeScript and in EIP-712,
 * its fields between `account` and `nonce`, and its texts. Typed data, calls, JSON and texts all follow from these
 * rows. `addKey` carries the whole key, because the person has to see whose it is; the others name a key by its id,
 * which is all the account knows of it, and all that a wallet may know of a key that somebody else added.
 */
export const CHANGES = [
  change(
    "addKey",
    "AddKey",
    { role: FIELD.role, key: FIELD.key, expires: FIELD.time },
    {
      change: ({ role }) => `Add ${ROLE_NAME[role]} key`,
      value: ({ key, expires }) => `${lower(keyId(key))}${expires === 0 ? "" : `, expires ${expires}`}`,
    },
  ),
  change(
    "activateKey",
    "ActivateKey",
    { key: FIELD.keyId },
    { change: always("Activate key"), value: ({ key }) => lower(key) },
  ),
  change(
    "rejectKey",
    "RejectKey",
    { key: FIELD.keyId },
    { change: always("Reject key"), value: ({ key }) => lower(key) },
  ),
  change(
    "removeKey",
    "RemoveKey",
    { key: FIELD.keyId },
    { change: always("Remove key"), value: ({ key }) => lower(key) },
  ),
  change(
    "setThreshold",
    "SetThreshold",
    { role: FIELD.replaceableRole, threshold: FIELD.count },
    {
      change: ({ role }) => `Set ${ROLE_NAME[role]} threshold`,
      value: ({ threshold }) => threshold.toString(),
    },
  ),
  change(
    "setEmergencyAddress",
    "SetEmergencyAddress",
    { recipient: FIELD.address, enabled: FIELD.flag },
    {
      change: ({ enabled }) => `${enabled ? "Add" : "Remove"} emergency address`,
      value: ({ recipient }) => lower(recipient),
    },
  ),
  change(
    "setAllowlisted",
    "SetAllowlisted",
    { recipient: FIELD.address, allowed: FIELD.flag },
    {
      change: ({ allowed }) => `${allowed ? "Allow" : "Disallow"} recipient`,
      value: ({ recipient }) => lower(recipient),
    },
  ),
  change(
    "setScope",
    "SetScope",
    { key: FIELD.keyId, target: FIELD.address, selector: FIELD.selector, allowed: FIELD.flag },
    {
      change: ({ allowed }) => `${allowed ? "Allow" : "Disallow"} calls`,
      value: ({ key, target, selector }) => `${lower(key)} ${lower(target)}.${lower(selector)}`,
    },
  ),
  change(
    "setLimit",
    "SetLimit",
    { key: FIELD.keyId, token: FIELD.address, limit: FIELD.limit },
    {
      change: always("Set daily limit"),
      value: ({ key, token, limit }) => `${lower(key)} ${limit} of ${lower(token)}`,
    },
  ),
  change(
    "setHours",
    "SetHours",
    { key: FIELD.keyId, closedHours: FIELD.hours },
    { change: always("Set closed hours"), value: ({ key, closedHours }) => `${lower(key)} ${closedHours}` },
  ),
  change(
    "setDelays",
    "SetDelays",
    {
      recoveryDelay: FIELD.duration,
      removalDelay: FIELD.duration,
      singleKeyDelay: FIELD.duration,
      overrideDelay: FIELD.duration,
    },
    {
      change: always("Set delays"),
      value: ({ recoveryDelay, removalDelay, singleKeyDelay, overrideDelay }) =>
        `recovery ${recoveryDelay} s, removal ${removalDelay} s, ` +
        `single key ${singleKeyDelay} s, override ${overrideDelay} s`,
    },
  ),
  change(
    "setRules",
    "SetRules",
    {
      singleKeyRoles: FIELD.roles,
      pendingKeysMayCall: FIELD.flag,
      tripwireCount: FIELD.removals,
      tripwireWindow: FIELD.duration,
    },
    {
      change: always("Set rules"),
      value: ({ singleKeyRoles, pendingKeysMayCall, tripwireCount, tripwireWindow }) =>
        `single key roles ${singleKeyRoles}, pending keys may call: ${yesNo(pendingKeysMayCall)}, ` +
        `tripwire ${tripwireCount} in ${tripwireWindow} s`,
    },
  ),
  change(
    "setSuccessor",
    "SetSuccessor",
    { successor: FIELD.address },
    { change: always("Set successor"), value: ({ successor }) => lower(successor) },
  ),
  change("lock", "Lock", {}, { change: always("Lock account"), value: always("for 7 days") }),
  change("archive", "Archive", {}, { change: always("Archive account"), value: always("until unfrozen") }),
  change(
    "unfreeze",
    "Unfreeze",
    {},
    { change: always("Unfreeze account"), value: always("now or after the recovery delay") },
  ),
  change(
    "cancel",
    "Cancel",
    { operation: FIELD.operationId },
    { change: always("Cancel operation"), value: ({ operation }) => lower(operation) },
  ),
  change(
    "rearm",
    "Rearm",
    { operation: FIELD.operationId },
    { change: always("Re-arm operation"), value: ({ operation }) => lower(operation) },
  ),
] as const;

type Rows = typeof CHANGES;
/** The kinds of operations that change an account. */
export type ChangeKind = Rows[number]["kind"];
/** An operation that changes an account, in memory. */
export type Change = z.output<Rows[number]["schema"]>;

type Column<R extends readonly Record<Name, unknown>[], Name extends string> = {
  [Index in keyof R]: R[Index][Name];
};

// Rows are a tuple and stay one, which map does not say.
/** The schemas of all rows, in memory and in JSON. */
export const changeSchemas = CHANGES.map(({ schema }) => schema) as unknown as Column<Rows, "schema">;
export const changeJsonSchemas = CHANGES.map(({ json }) => json) as unknown as Column<Rows, "json">;

/** A row as far as all of them are alike. */
export interface ChangeRow {
  readonly kind: ChangeKind;
  /** The name of its EIP-712 type. */
  readonly typeName: string;
  readonly fields: Fields;
  readonly texts: Texts<Change>;
}

const ROWS: ReadonlyMap<string, ChangeRow & { readonly number: number }> = new Map(
  CHANGES.map((row, number) => [row.kind, { ...row, number }]),
);

/** The row of a change, and its number on the chain. */
export function changeRow(kind: ChangeKind): ChangeRow & { readonly number: number } {
  const row = ROWS.get(kind);
  if (!row) throw new TypeError(`there is no change "${kind}"`);
  return row;
}
