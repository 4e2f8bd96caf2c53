import { type Log, parseEventLogs } from "viem";
import { accountAbi } from "#contracts/abi.ts";
import { keyId } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationId } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
import { type Hex, type TransactionHash, zTransactionHash } from "#core/primitives/hex.ts";
import { askedBy } from "../watcher/decode.ts";

function eventsOf(account: Address, logs: readonly Log[]) {
  const own = logs.filter(({ address }) => sameAddress(address, account));
  return parseEventLogs({ abi: accountAbi, logs: own, strict: true });
}

/** Whether the account says that it took an operation with that one's nonce, whichever it was. */
export function isPlaceTakenIn({ account, nonce }: Operation, logs: readonly Log[]): boolean {
  return eventsOf(account, logs).some((one) => {
    switch (one.eventName) {
      case "Withdrawn":
      case "KeyReplaced":
      case "Migrated":
      case "Executed":
      case "Changed":
        return one.args.nonce === nonce;
      case "OperationScheduled": {
        const asked = askedBy(one.args.call);
        return "nonce" in asked && asked.nonce === nonce.toString();
      }
      default:
        return false;
    }
  });
}

/** Whether an event that a key was replaced tells of this operation; keys are named by their ids. */
export const isReplacement = (
  operation: Operation,
  { oldKey, newKey, nonce }: { readonly oldKey: Hex; readonly newKey: Hex; readonly nonce: bigint },
): boolean =>
  operation.kind === "replaceKey" &&
  nonce === operation.nonce &&
  oldKey === keyId(operation.oldKey) &&
  newKey === keyId(operation.newKey);

/**
 * The transaction in which the account says that it took exactly this operation: ran it, or scheduled it where it has to
 * wait.
 * @param logs of whatever contracts
 */
export function takenIn(operation: Operation, logs: readonly Log[]): TransactionHash | undefined {
  const id = operationId(operation);
  const event = eventsOf(operation.account, logs).find((one) => {
    switch (one.eventName) {
      case "Withdrawn":
        return (
          operation.kind === "withdraw" &&
          one.args.nonce === operation.nonce &&
          one.args.amount === operation.amount &&
          sameAddress(one.args.token, operation.token) &&
          sameAddress(one.args.to, operation.to)
        );
      case "KeyReplaced":
        return isReplacement(operation, one.args);
      case "Migrated":
        return operation.kind === "migrate" && one.args.nonce === operation.nonce;
      case "Executed":
      case "Changed":
      case "OperationScheduled":
        return one.args.operation === id;
      default:
        return false;
    }
  });
  return event && zTransactionHash.parse(event.transactionHash);
}
