import type { ReplaceableRole } from "#core/keys/role.ts";
import type { KeyId } from "#core/primitives/hex.ts";
import type { HeldKey } from "../../profile.ts";
import type { Intent } from "./intent.ts";
import { checkUnused, replaceKey } from "./replace-key.ts";

/**
 * Gives a friend a key of a role.
 * @param instead the key whose place it takes; otherwise the role has one key more
 */
export const addFriend =
  (role: ReplaceableRole, friend: HeldKey, instead?: KeyId): Intent =>
  (standing) => {
    if (instead) return replaceKey(role, friend, instead)(standing);
    checkUnused(friend, standing.keys);
    return { operation: { kind: "addKey", role, key: friend.key, expires: 0 }, newHolder: friend };
  };
