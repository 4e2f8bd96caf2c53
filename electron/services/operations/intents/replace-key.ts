import { WalletError } from "#core/errors/wallet-error.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import { sameAddress } from "#core/primitives/address.ts";
import type { HeldKey } from "../../profile.ts";
import type { Intent } from "./intent.ts";

/** Gives an mfa or recovery key to another holder. */
export const replaceKey =
  (role: ReplaceableRole, newHolder: HeldKey): Intent =>
  ({ keys }) => {
    if (Object.values(keys).some(({ key }) => sameAddress(key.signer, newHolder.key.signer))) {
      throw new WalletError(
        "key-in-use",
        "This Ledger address already holds a key of this account.",
        "Use another Ledger, or another address of it: two keys must never be one.",
      );
    }
    const oldHolder = keys[role];
    return {
      operation: { kind: "replaceKey", role, oldKey: oldHolder.key, newKey: newHolder.key },
      oldHolder,
      newHolder,
    };
  };
