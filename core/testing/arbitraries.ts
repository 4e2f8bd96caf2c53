import fc from "fast-check";
import { bytesToHex } from "viem/utils";
import { type Key, keyOfAddress } from "../keys/key.ts";
import { REPLACEABLE_ROLES, ROLES } from "../keys/role.ts";
import type { Operation, OperationKind } from "../operations/operation.ts";
import { toAddress } from "../primitives/address.ts";
import { type Hex, zKeyId, zOperationId } from "../primitives/hex.ts";

/** Generators for property tests: any address, key, operation. */
export const anyBytes = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes): Hex => bytesToHex(bytes));

export const anyAddress = anyBytes(20).map(toAddress);
export const anyUint256 = fc.bigInt(0n, 2n ** 256n - 1n);
export const anyKey: fc.Arbitrary<Key> = fc
  .tuple(anyAddress, anyBytes(32))
  .map(([address, salt]) => keyOfAddress(address, salt));
const anyKeyId = anyBytes(32).map((bytes) => zKeyId.parse(bytes));
const anyOperationId = anyBytes(32).map((bytes) => zOperationId.parse(bytes));
const anyUint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const anyRecipient = { recipient: anyAddress };

const anyAsset = fc.oneof(
  fc.record({ standard: fc.constant("erc20" as const), token: anyAddress }),
  fc.record({
    standard: fc.constantFrom("erc721" as const, "erc1155" as const),
    token: anyAddress,
    id: anyUint256,
  }),
);

type FieldsOf<K extends OperationKind> = {
  readonly [
    Name in Exclude<keyof Extract<Operation, { kind: K }>, "kind" | "account" | "nonce">
  ]: fc.Arbitrary<Extract<Operation, { kind: K }>[Name]>;
};

/** Any fields of each kind, besides kind, account and nonce. */
const FIELDS: { readonly [K in OperationKind]: FieldsOf<K> } = {
  withdraw: { token: anyAddress, to: anyAddress, amount: anyUint256 },
  replaceKey: { role: fc.constantFrom(...REPLACEABLE_ROLES), oldKey: anyKey, newKey: anyKey },
  execute: {
    calls: fc.array(
      fc.record({
        target: anyAddress,
        value: anyUint256,
        data: fc.nat({ max: 80 }).chain((length) => anyBytes(length)),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  },
  migrate: { successor: anyAddress, assets: fc.array(anyAsset, { maxLength: 4 }) },
  addKey: { role: fc.constantFrom(...ROLES), key: anyKey, expires: anyUint(48) },
  activateKey: { key: anyKeyId },
  rejectKey: { key: anyKeyId },
  removeKey: { key: anyKeyId },
  setThreshold: { role: fc.constantFrom(...REPLACEABLE_ROLES), threshold: anyUint(8) },
  setEmergencyAddress: { ...anyRecipient, enabled: fc.boolean() },
  setAllowlisted: { ...anyRecipient, allowed: fc.boolean() },
  setScope: { key: anyKeyId, target: anyAddress, selector: anyBytes(4), allowed: fc.boolean() },
  setLimit: { key: anyKeyId, token: anyAddress, limit: fc.bigInt(0n, 2n ** 104n - 1n) },
  setHours: { key: anyKeyId, closedHours: anyUint(24) },
  setDelays: {
    recoveryDelay: anyUint(32),
    removalDelay: anyUint(32),
    singleKeyDelay: anyUint(32),
    overrideDelay: anyUint(32),
  },
  setRules: {
    singleKeyRoles: anyUint(3).map((roles) => roles * 2),
    pendingKeysMayCall: fc.boolean(),
    tripwireCount: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(255)),
    tripwireWindow: anyUint(32),
  },
  setSuccessor: { successor: anyAddress },
  lock: {},
  archive: {},
  unfreeze: {},
  cancel: { operation: anyOperationId },
  rearm: { operation: anyOperationId },
};

/** Any operation of a kind. */
export function anyOperationOf<K extends OperationKind>(
  kind: K,
): fc.Arbitrary<Extract<Operation, { kind: K }>> {
  const record = { kind: fc.constant(kind), account: anyAddress, ...FIELDS[kind], nonce: anyUint256 };
  // What FIELDS holds for the kind are that kind's fields: TypeScript does not follow a union by its key.
  return fc.record(record) as unknown as fc.Arbitrary<Extract<Operation, { kind: K }>>;
}

/** Every kind of operation. */
export const OPERATION_KINDS = Object.keys(FIELDS) as readonly OperationKind[];

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(...OPERATION_KINDS.map(anyOperationOf));
