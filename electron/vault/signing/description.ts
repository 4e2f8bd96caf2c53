import { addressOfKey, type Key } from "#core/keys/key.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";

/** One line of the confirm window. */
export type ShownField = ConfirmView["fields"][number];

/** What the confirm window says about an operation. */
export interface Description extends Pick<ConfirmView, "title" | "then" | "otherwise" | "cannot"> {
  /** Every field in full; the nonce is added to them. */
  readonly fields: readonly ShownField[];
}

export const address = (label: string, value: string): ShownField => ({ label, value, kind: "address" });
export const amount = (label: string, value: string): ShownField => ({ label, value, kind: "amount" });
export const text = (label: string, value: string): ShownField => ({ label, value, kind: "text" });

/** Whose key it is: its address, or all bytes of a signer that is none. */
export const signer = (label: string, key: Key): ShownField => {
  const plain = addressOfKey(key);
  return plain ? address(label, plain) : text(label, key.signer);
};

/** What nothing comes of: the same for all that changes no balance. */
export const NOTHING_CHANGES =
  "If you do nothing or reject, nothing is signed and everything stays as it is.";
