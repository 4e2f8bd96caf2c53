import { keyId } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { sameAddress } from "#core/primitives/address.ts";
import { type Alert, isStanding } from "#core/watch/alerts.ts";
import { isReplacement } from "../chain/taken.ts";
import type { Submitted } from "../operations/journal.ts";
import type { Operations } from "../operations/operations.ts";
import type { SignedRecords } from "../records/signed-records.ts";
import type { Message } from "./messages.ts";

/** Whether an alert is about what this computer did by itself. */
export type IsOwn = (alert: Alert) => boolean;

/**
 * What this computer knows to be its own: its operations, and the records of the registry that it had written. Each is
 * known by all that is in it, as a relay can name any transaction, and put other people's operations into the same one;
 * only where an event names no operation it is known by its transaction and by what it does.
 */
export function ownBy(operations: Pick<Operations, "submitted">, signed: Pick<SignedRecords, "has">): IsOwn {
  return ({ subject, place }) => {
    const submitted = operations.submitted();

    const someHere = (isIt: (operation: Operation) => boolean): boolean =>
      [...submitted.values()].some(
        ({ operation, transactionHash }) => transactionHash === place.transaction && isIt(operation),
      );

    if (subject.kind === "key-became-active") {
      const { key } = subject;
      return someHere((operation) => operation.kind === "addKey" && keyId(operation.key) === key);
    }
    if (subject.kind !== "change") return false;

    const { fact, scheduledAs } = subject;
    /** What had waited is no news only to whoever ran it: that its time came is news to whoever began it. */
    const isOwn = (found: Submitted | undefined): boolean =>
      found !== undefined && (!scheduledAs || found.transactionHash === place.transaction);

    switch (fact.kind) {
      case "changed":
      case "executed":
        return isOwn(submitted.get(fact.operation));
      case "withdrawn":
        return scheduledAs !== undefined && isOwn(submitted.get(scheduledAs));
      case "keyReplaced": {
        const replacement = { ...fact, nonce: BigInt(fact.nonce) };
        return isOwn([...submitted.values()].find(({ operation }) => isReplacement(operation, replacement)));
      }
      case "migrated":
        return someHere(
          (operation) => operation.kind === "migrate" && sameAddress(operation.successor, fact.successor),
        );
      case "unfrozen":
        return someHere(({ kind }) => kind === "unfreeze");
      case "recordSet":
        return fact.record !== undefined && signed.has(fact.record);
      // Nothing of these comes of an operation; some are told as what goes on, and never as news.
      case "created":
      case "scheduled":
      case "pending":
      case "locked":
      case "archived":
      case "emergencyWithdrawn":
      case "emergencyRehearsed":
      case "gatePublished":
      case "gateRolledBack":
        return false;
    }
  };
}

/** Whether a message is about what this computer did by itself. */
export const isOwnNews = (message: Message, isOwn: IsOwn): boolean =>
  message.type === "alert" && !isStanding(message.alert) && isOwn(message.alert);
