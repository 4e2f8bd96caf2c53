import type { Role } from "#core/keys/role.ts";
import type { ChangeWish } from "#core/operations/change-wish.ts";
import { checkEmergencyAddress } from "./emergency-address.ts";
import { checkFreeze } from "./freeze.ts";
import type { Intent, Standing } from "./intent.ts";
import { checkScheduled } from "./scheduled.ts";
import { checkSuccessor } from "./successor.ts";

/**
 * Any change of the account (core/operations/changes.ts). What of it can be seen to fail, or to help nobody, before
 * anybody signs is checked here; a change of which nothing can needs no line.
 */
export const change =
  (wish: ChangeWish, signedBy?: readonly Role[]): Intent =>
  async (standing) => {
    await check(wish, standing, signedBy);
    return { operation: wish, signedBy };
  };

async function check(wish: ChangeWish, standing: Standing, signedBy?: readonly Role[]): Promise<void> {
  switch (wish.kind) {
    case "lock":
    case "archive":
    case "unfreeze":
      return checkFreeze(wish.kind, standing, signedBy);
    case "setSuccessor":
      checkSuccessor(wish, standing);
      return;
    case "setEmergencyAddress":
      checkEmergencyAddress(wish, standing);
      return;
    case "cancel":
    case "rearm":
      return checkScheduled(wish, standing);
    default:
  }
}
