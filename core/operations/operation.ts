import { z } from "zod";
import { zKey } from "../keys/key.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { zUint256, zUint256String } from "../primitives/amount.ts";
import { zHex } from "../primitives/hex.ts";
import { changeJsonSchemas, changeSchemas } from "./changes.ts";

/**
 * Everything an account can be asked to do. To add a change: a row in `changes.ts`. To add another operation: a member
 * here, its typed data in `typed-data.ts`, its call in `call.ts`; the exhaustive switches then name what is missing.
 * In the contract: its function, its type in Operations.sol, its kind in Policy.sol and `core/policy`.
 */
const withdraw = <N extends z.ZodType<bigint>>(uint: N) =>
  z.strictObject({
    kind: z.literal("withdraw"),
    account: zAddress,
    /** The zero address for the chain's own coin. */
    token: zAddress,
    to: zAddress,
    /** In the token's smallest unit (wei for the chain's own coin). */
    amount: uint,
    /** (lane << 64) | sequence. */
    nonce: uint,
  });

const replaceKey = <N extends z.ZodType<bigint>>(uint: N) =>
  z.strictObject({
    kind: z.literal("replaceKey"),
    account: zAddress,
    role: zReplaceableRole,
    oldKey: zKey,
    newKey: zKey,
    nonce: uint,
  });

const execute = <N extends z.ZodType<bigint>>(uint: N) =>
  z.strictObject({
    kind: z.literal("execute"),
    account: zAddress,
    /** Made in this order; all of them or none. */
    calls: z
      .array(
        z.strictObject({
          target: zAddress,
          /** In wei. */
          value: uint,
          data: zHex,
        }),
      )
      .min(1),
    nonce: uint,
  });

const migrate = <N extends z.ZodType<bigint>>(uint: N) =>
  z.strictObject({
    kind: z.literal("migrate"),
    account: zAddress,
    /** The account that gets everything, and to which the alias points then. */
    successor: zAddress,
    /** What moves besides the chain's own coin, which always does. */
    assets: z.array(
      z.discriminatedUnion("standard", [
        z.strictObject({ standard: z.literal("erc20"), token: zAddress }),
        z.strictObject({ standard: z.literal("erc721"), token: zAddress, id: uint }),
        z.strictObject({ standard: z.literal("erc1155"), token: zAddress, id: uint }),
      ]),
    ),
    nonce: uint,
  });

/** An operation in memory: amounts, ids and nonces are bigints. */
export const zOperation = z.discriminatedUnion("kind", [
  withdraw(zUint256),
  replaceKey(zUint256),
  execute(zUint256),
  migrate(zUint256),
  ...changeSchemas,
]);
export type Operation = z.output<typeof zOperation>;
export type OperationKind = Operation["kind"];
export type Withdraw = Extract<Operation, { kind: "withdraw" }>;
export type ReplaceKey = Extract<Operation, { kind: "replaceKey" }>;
export type Execute = Extract<Operation, { kind: "execute" }>;
export type Migrate = Extract<Operation, { kind: "migrate" }>;

/** An operation as JSON: bigints are decimal strings. Parses to an `Operation`. */
export const zOperationJson = z.discriminatedUnion("kind", [
  withdraw(zUint256String),
  replaceKey(zUint256String),
  execute(zUint256String),
  migrate(zUint256String),
  ...changeJsonSchemas,
]);
export type OperationJson = z.input<typeof zOperationJson>;

/** What the first version of the app started. The bytes of the released gates hold it: it goes with the next release. */
export const zStartableOperationJson = z.discriminatedUnion("kind", [
  withdraw(zUint256String),
  replaceKey(zUint256String),
]);

type DraftOf<T> = T extends Operation ? Omit<T, "account" | "nonce"> : never;
/** An operation before it is of an account and has its place in that account's order. */
export type OperationDraft = DraftOf<Operation>;

/** A value in which every bigint became a decimal string. */
type WithoutBigints<T> = T extends bigint
  ? string
  : T extends string | number | boolean
    ? T
    : { -readonly [Name in keyof T]: WithoutBigints<T[Name]> };

function withoutBigints<T>(value: T): WithoutBigints<T>;
function withoutBigints(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map((item: unknown) => withoutBigints(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutBigints(item)]));
}

/** The JSON form of an operation; `zOperationJson.parse` is its inverse. */
export function operationToJson<T extends Operation>(operation: T): WithoutBigints<T> {
  return withoutBigints(operation);
}
