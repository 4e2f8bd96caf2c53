import { WalletError } from "#core/errors/wallet-error.ts";
import { keyId } from "#core/keys/key.ts";
import { ROLE_TEXT, type Role } from "#core/keys/role.ts";
import { ownDeviceKey } from "../../profile.ts";
import type { Standing } from "./intent.ts";

const notFrozen = () =>
  new WalletError(
    "not-frozen",
    "The account is neither locked nor archived.",
    "There is nothing to end. See the freeze screen for how the account stands.",
  );

const alreadyFrozen = (how: "locked" | "archived") =>
  new WalletError(
    "already-frozen",
    `The account is ${how} already.`,
    "Nothing can leave it. Unfreeze it first if you want to freeze it in another way.",
  );

const lockedRecently = (role: Role, from: number) =>
  new WalletError(
    "locked-recently",
    `The ${ROLE_TEXT[role]} locked the account a short time ago, and cannot lock it again before ${new Date(from * 1000).toISOString().slice(0, 10)}.`,
    "Lock it with another key, or archive it with two.",
  );

/** Whether an account can be frozen, or unfrozen, as it stands; a lock by the key that was chosen, once one was. */
export async function checkFreeze(
  kind: "lock" | "archive" | "unfreeze",
  { account, contract, keys, reader }: Standing,
  signedBy: readonly Role[] = [],
): Promise<void> {
  const { frozen } = contract;
  if (kind === "unfreeze") {
    if (frozen === "no") throw notFrozen();
    return;
  }
  if (frozen !== "no") throw alreadyFrozen(frozen);
  const [role] = signedBy;
  if (kind === "archive" || !role) return;
  const held = role === "device" ? ownDeviceKey(keys) : keys[role][0];
  const from = held && (await reader.lockableFrom(account, keyId(held.key)));
  if (from !== undefined) throw lockedRecently(role, from);
}
