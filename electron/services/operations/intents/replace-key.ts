import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLE_TEXT, type ReplaceableRole } from "#core/keys/role.ts";
import { sameAddress } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { HeldKey, HeldKeys } from "../../profile.ts";
import type { Intent } from "./intent.ts";

/** Refuses a signer that holds a key of the account already: two keys must never be one. */
export function checkUnused({ key: { signer }, holder }: HeldKey, keys: HeldKeys): void {
  const all = Object.values(keys).flat();
  if (!all.some(({ key }) => sameAddress(key.signer, signer))) return;
  throw holder === "ledger"
    ? new WalletError(
        "key-in-use",
        "This Ledger address already holds a key of this account.",
        "Use another Ledger, or another address of it: two keys must never be one.",
      )
    : new WalletError(
        "key-in-use",
        "This signer already holds a key of this account.",
        "Two keys must never be one: choose another signer.",
      );
}

/**
 * Gives an mfa or recovery key to another holder.
 * @param which the key that is replaced, where the role has several
 */
export const replaceKey =
  (role: ReplaceableRole, newHolder: HeldKey, which?: KeyId): Intent =>
  ({ keys }) => {
    checkUnused(newHolder, keys);
    const oldHolder = keys[role].find(({ key }) => which === undefined || keyId(key) === which);
    if (!oldHolder) {
      throw new WalletError(
        "key-unknown",
        `This computer does not know the ${ROLE_TEXT[role]} that is to be replaced.`,
        "See the keys screen for the keys that it knows.",
      );
    }
    return {
      operation: { kind: "replaceKey", role, oldKey: oldHolder.key, newKey: newHolder.key },
      oldHolder,
      newHolder,
    };
  };
