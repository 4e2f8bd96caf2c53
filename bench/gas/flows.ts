import type { Hex } from "#core/primitives/hex.ts";

/** Everything that is measured, in the order it is shown, and what each is. */
export const FLOWS = {
  deploy: "an account comes into being",
  "eth-1": "ether to somebody, one key within its daily limit",
  "erc20-1": "tokens to somebody, one key within its daily limit",
  "eth-1-unlimited": "ether to somebody, one owner who may take everything; ours has no such key",
  "erc20-1-unlimited": "tokens to somebody, one owner who may take everything; ours has no such key",
  "erc20-2": "tokens to somebody, two signatures",
  "erc20-2-readable": "the same, one of them by a hardware wallet that showed it field by field",
  "batch5-2": "five token transfers at once, two signatures",
  "replace-key-2": "another key in a key's place, two signatures",
  "recovery-start": "a new key begins to wait out the recovery delay",
  "recovery-cancel": "that key is rejected",
  "recovery-finish": "that key becomes active after the delay",
  "erc4337-erc20-2": "tokens to somebody through the EntryPoint, the account pays, two signatures",
  lock: "nothing can be spent any more",
  unfreeze: "everything is as before",
} as const satisfies Record<string, string>;

export type Flow = keyof typeof FLOWS;

export const FLOW_NAMES = Object.keys(FLOWS).filter((name): name is Flow => name in FLOWS);

/** What a flow costs with an account: the gas of the whole transaction. */
export interface Row {
  readonly flow: Flow;
  readonly account: string;
  readonly totalGas: number;
  readonly note: string;
}

/** A row and the transaction that was measured; none where nothing needs to be sent. */
export interface MeasuredRow extends Row {
  readonly transaction: Hex | undefined;
}
