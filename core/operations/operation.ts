import { z } from "zod";
import { zKey } from "../keys/key.ts";
import { zReplaceableRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { zUint256, zUint256String } from "../primitives/amount.ts";

/**
 * Everything an account can be asked to do. To add one: a member here, its typed data in `typed-data.ts`, its row in
 * `core/policy`, its function in the contract; the exhaustive switches then name what is missing.
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

/** An operation in memory: numbers are bigints. */
export const zOperation = z.discriminatedUnion("kind", [withdraw(zUint256), replaceKey(zUint256)]);
export type Operation = z.output<typeof zOperation>;
export type OperationKind = Operation["kind"];
export type Withdraw = Extract<Operation, { kind: "withdraw" }>;
export type ReplaceKey = Extract<Operation, { kind: "replaceKey" }>;

/** An operation as JSON: numbers are decimal strings. Parses to an `Operation`. */
export const zOperationJson = z.discriminatedUnion("kind", [
  withdraw(zUint256String),
  replaceKey(zUint256String),
]);
export type OperationJson = z.input<typeof zOperationJson>;

/** The JSON form of an operation; `zOperationJson.parse` is its inverse. */
export function operationToJson(operation: Operation): OperationJson {
  switch (operation.kind) {
    case "withdraw":
      return { ...operation, amount: operation.amount.toString(), nonce: operation.nonce.toString() };
    case "replaceKey":
      return { ...operation, nonce: operation.nonce.toString() };
  }
}
