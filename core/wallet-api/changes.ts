/** Changes of the account: looked at before anybody signs, then started. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { zChange, zChangeWish } from "../operations/change-wish.ts";
import { zAddress } from "../primitives/address.ts";
import { zEffect, zOperationView } from "./operation-view.ts";
import { zHolder } from "./state.ts";

/** One way to bring a change about: who signs, in this order, and when it takes effect then. */
export const zChangeWay = z.object({
  signers: z.array(z.object({ role: zRole, holder: zHolder })).min(1),
  effect: zEffect,
  /** How long it waits once it is signed, in seconds; 0 when it takes effect at once. */
  seconds: z.int().nonnegative(),
});
export type ChangeWay = z.output<typeof zChangeWay>;

/** A change as it would be signed. */
export const zChangeReview = z.object({
  change: zChange,
  /** The best first. */
  ways: z.array(zChangeWay).min(1),
  /** The account's contract is put on the chain first (once). */
  deploysFirst: z.boolean(),
  /** The network's contract that keeps scripts' keys to their calls. */
  scriptVerifier: zAddress.optional(),
});
export type ChangeReview = z.output<typeof zChangeReview>;

/** The part of the wallet API for changes of the account. */
export const CHANGE_METHODS = {
  /** What a change would mean and who would sign; fails with a sentence where it cannot be, or would lock the owner out. */
  "changes.review": { input: zChangeWish, output: zChangeReview },
  /** Starts a change, signed by the roles of one of its ways; follow it by the "operation" event. */
  "changes.start": {
    input: z.object({ wish: zChangeWish, signedBy: z.array(zRole).min(1) }),
    output: zOperationView,
  },
} as const;
