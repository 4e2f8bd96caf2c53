import type { Role } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Intent } from "./intent.ts";

/** Sends coins or tokens out of the account. */
export const withdraw =
  (
    wish: { readonly token: Address; readonly to: Address; readonly amount: bigint },
    signedBy?: readonly Role[],
  ): Intent =>
  () => ({ operation: { kind: "withdraw", ...wish }, signedBy });
