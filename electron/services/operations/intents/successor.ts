import type { ChangeWish } from "#core/operations/change-wish.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import { checkAddress } from "./addresses.ts";
import type { Standing } from "./intent.ts";

/** Whether an address can be named as the successor. The zero address names nobody, which is always possible. */
export function checkSuccessor(
  { successor }: Extract<ChangeWish, { kind: "setSuccessor" }>,
  standing: Standing,
): void {
  if (!sameAddress(successor, NATIVE_TOKEN)) checkAddress(successor, "a successor", standing);
}
