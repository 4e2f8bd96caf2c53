/** What contracts may take of the account's tokens: seen, given and taken back. */
import { z } from "zod";
import { zRole } from "../keys/role.ts";
import { zAddress } from "../primitives/address.ts";
import { zUint256 } from "../primitives/amount.ts";
import { zChangeWay } from "./changes.ts";
import { zOperationView } from "./operation-view.ts";
import { zToken, zTokenAmount } from "./state.ts";

const zAllowanceWish = z.object({
  token: zAddress,
  spender: zAddress,
  /** In the token's smallest unit; 0 takes it back. */
  amount: zUint256,
});
export type AllowanceWish = z.output<typeof zAllowanceWish>;

export const zAllowanceReview = z.object({
  token: zToken,
  spender: zAddress,
  amount: z.bigint(),
  /** What it may take until then, of which it may take all before it has the new amount; unknown where the token is silent. */
  before: z.bigint().optional(),
  /** Who can sign, and when it takes effect then; the best first. */
  ways: z.array(zChangeWay).min(1),
  /** The account's contract is put on the chain first (once). */
  deploysFirst: z.boolean(),
});
export type AllowanceReview = z.output<typeof zAllowanceReview>;

/** The part of the wallet API for allowances. */
export const ALLOWANCE_METHODS = {
  /** Of which tokens a contract may take how much now; none that it may take nothing of. */
  "allowances.of": {
    input: z.object({ spender: zAddress }),
    output: z.array(zTokenAmount),
  },
  /** Who would sign; fails with a sentence where it cannot be. */
  "allowances.review": { input: zAllowanceWish, output: zAllowanceReview },
  /** Starts it, signed by the roles of one of its ways; follow it by the "operation" event. */
  "allowances.start": {
    input: zAllowanceWish.extend({ signedBy: z.array(zRole).min(1) }),
    output: zOperationView,
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
