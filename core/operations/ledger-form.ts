import { addressOfKey } from "../keys/key.ts";
import type { Operation } from "./operation.ts";
import type { Form } from "./typed-data.ts";

/**
 * The form of an operation that a Ledger is asked to sign: the readable one, but for a change of keys of which one has
 * no address (a passkey's). The account cannot rebuild that text, so the Ledger shows the keys' ids.
 */
export const formOnLedger = (operation: Operation): Form =>
  operation.kind === "replaceKey" &&
  [operation.oldKey, operation.newKey].some((key) => addressOfKey(key) === undefined)
    ? "compact"
    : "readable";
