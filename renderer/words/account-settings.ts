import type { ChangeWish } from "#core/operations/change-wish.ts";
import type { Address } from "#core/primitives/address.ts";
import type { KeyId } from "#core/primitives/hex.ts";

/** The ends of a key's id, which is all that is known of a key that somebody else added. */
export const shortKey = (id: KeyId): string => `${id.slice(0, 8)}…${id.slice(-6)}`;

/** The address that a change gives something to, which has to be looked at once more. */
export function empowered(wish: ChangeWish): Address | undefined {
  if (wish.kind === "setAllowlisted" && wish.allowed) return wish.recipient;
  return wish.kind === "setScope" && wish.allowed ? wish.target : undefined;
}
