/** Whether the account stands still, and who can change that. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { FROZEN } from "../policy/policy.ts";
import { zAddress } from "../primitives/address.ts";
import { zHolder } from "./state.ts";

export const zFreezeView = z.object({
  frozen: z.enum(FROZEN),
  /** When a lock lapses by itself, in seconds since 1970; an archive does not. */
  until: z.number().optional(),
  /** Who may end an archive by itself, where somebody is named. */
  successor: zAddress.optional(),
  /** This computer's keys, and from when (seconds since 1970) one that locked the account lately can lock it again. */
  locks: z.array(z.object({ role: zRole, holder: zHolder, from: z.number().optional() })),
});
export type FreezeView = z.output<typeof zFreezeView>;

/** The part of the wallet API for freezing; it is done by changes (changes.ts). */
export const FREEZE_METHODS = {
  "freeze.view": { input: z.undefined(), output: zFreezeView },
} as const;
