import { z } from "zod";
import { zWalletErrorData } from "../errors/wallet-error.ts";
import { zSigner } from "../keys/signer.ts";
import { zReplaceableRole, zRole } from "../keys/role.ts";
import { zLedgerState } from "../ledger/states.ts";
import { zChange } from "../operations/change-wish.ts";
import { EFFECTS } from "../policy/policy.ts";
import { zAddress } from "../primitives/address.ts";
import { zDigest, zKeyId, zTransactionHash } from "../primitives/hex.ts";
import { zProofNeed } from "./proofs.ts";
import { zHolder, zSettings, zStepStatus, zToken } from "./state.ts";

/** When something takes effect that does: at once, or after one of the account's delays. */
export const zEffect = z.enum(EFFECTS).exclude(["never"]);
export type TakesEffect = z.output<typeof zEffect>;

/** What an operation in flight does, in the terms of the screens. */
export const zOperationSummary = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("withdraw"), token: zToken, to: zAddress, amount: z.bigint() }),
  z.object({
    kind: z.literal("replaceKey"),
    role: zReplaceableRole,
    from: z.object({ holder: zHolder, signer: zSigner }),
    to: z.object({ holder: zHolder, signer: zSigner }),
  }),
  z.object({
    kind: z.literal("execute"),
    calls: z.int().positive(),
    /** Where it is nothing but that: what a contract may take of a token from then on; 0: nothing any more. */
    allowance: z.object({ token: zToken, spender: zAddress, amount: z.bigint() }).optional(),
  }),
  z.object({ kind: z.literal("migrate"), successor: zAddress }),
  z.object({
    kind: z.literal("change"),
    change: zChange,
    /** The network's contract that keeps scripts' keys to their calls. */
    scriptVerifier: zAddress.optional(),
  }),
]);
export type OperationSummary = z.output<typeof zOperationSummary>;

/**
 * The steps an operation can have, in their order:
 * accept (the new holder shows that it can sign), deploy (put the account on the chain), confirm (the person approves
 * in the confirm window and the device key signs), prove (the person proves who they are), cosign (the second key
 * signs), ask (friends are asked and sign elsewhere), submit (the relay sends it), settle (the chain has it), trial (a
 * new holder signs once more, harmlessly).
 */
export const OPERATION_STEPS = [
  "accept",
  "deploy",
  "confirm",
  "prove",
  "cosign",
  "ask",
  "submit",
  "settle",
  "trial",
] as const;
export const zOperationStepId = z.enum(OPERATION_STEPS);
export type OperationStepId = z.output<typeof zOperationStepId>;

export const zOperationStep = z.object({
  id: zOperationStepId,
  /** Who acts: the person through a holder, or the relay/chain when absent. */
  holder: zHolder.optional(),
  /** The key that signs in this step, where one does. */
  role: zRole.optional(),
  status: zStepStatus,
  /** A remark worth showing, e.g. a key node that returned a wrong share. */
  note: z.string().optional(),
  error: zWalletErrorData.optional(),
});
export type OperationStep = z.output<typeof zOperationStep>;

/** Somebody whose signature an operation waits for: a friend, or a Safe of the person's own. */
export const zAskedFriend = z.object({
  role: zReplaceableRole,
  id: zKeyId,
  holder: zHolder.extract(["friend", "safe"]),
  /** What this computer knows of them. */
  name: z.string().optional(),
  signer: zAddress.optional(),
  answered: z.boolean(),
});
export type AskedFriend = z.output<typeof zAskedFriend>;

/** An operation in flight or just finished. */
export const zOperationView = z.object({
  id: z.uuid(),
  createdAt: z.number(),
  summary: zOperationSummary,
  /** When the rules let it take effect, by who signs it. */
  effect: zEffect,
  steps: z.array(zOperationStep),
  /**
   * running: working now; waiting: stopped (by a failure, a restart or for the person) and can be continued or
   * dropped; done and dropped are final. An operation that is already on its way to the chain cannot be dropped; one
   * that the chain has and that only lacks its trial signature can: that skips the trial.
   */
  status: z.enum(["running", "waiting", "done", "dropped"]),
  droppable: z.boolean(),
  /** What the running or waiting step wants from the person. */
  needs: z
    .discriminatedUnion("kind", [
      /** Look at the confirm window. */
      z.object({ kind: z.literal("confirm") }),
      /** Prove who one is. Also while the operation runs: what was given last is being looked at. */
      z.object({ kind: z.literal("proofs"), need: zProofNeed }),
      /** Do something on the Ledger. */
      z.object({ kind: z.literal("ledger"), state: zLedgerState }),
      /** Use the passkey, on the page that opened in the browser. */
      z.object({ kind: z.literal("passkey") }),
      /** Ask friends, and take their answers; it goes on by itself once enough have come. */
      z.object({
        kind: z.literal("friends"),
        missing: z.int().nonnegative(),
        friends: z.array(zAskedFriend),
      }),
    ])
    .optional(),
  /** Digest of the form that a Ledger signs, to compare; absent when no Ledger signs. */
  ledgerDigest: zDigest.optional(),
  /** The wallet that signs along to prove who the person is, and the digest that its screen names "operation". */
  wallet: z.object({ address: zAddress, digest: zDigest }).optional(),
  transactionHash: zTransactionHash.optional(),
});
export type OperationView = z.output<typeof zOperationView>;

/** What the confirm window shows: decoded by the vault from the very bytes it will sign. */
export const zConfirmView = z.object({
  id: z.uuid(),
  title: z.string(),
  /** Label and value of every field, in full; addresses checksummed. */
  fields: z.array(
    z.object({ label: z.string(), value: z.string(), kind: z.enum(["text", "address", "amount"]) }),
  ),
  /** Who signs, in order. */
  signers: z.array(
    z.object({
      role: zRole,
      holder: zHolder,
      /** Whose account the key is of, as they call themselves; absent for one's own. */
      of: z.string().optional(),
    }),
  ),
  /** Sentences: what happens then, what happens if nothing is done, what it cannot do. */
  then: z.string(),
  otherwise: z.string(),
  cannot: z.string(),
  /** The digest the device key signs, and the one a Ledger shows when one signs. */
  digest: zDigest,
  ledgerDigest: zDigest.optional(),
  /** What a Ledger shows one after the other, under the names that stand in the message itself. */
  ledgerFields: z.array(z.object({ label: z.string(), value: z.string() })).optional(),
  /** What is signed by the same decision: the same change for another key. */
  furtherDigests: z.array(zDigest).optional(),
  /** A wallet that signs along, to prove who the person is: its screen names the digest. */
  wallet: zAddress.optional(),
  chainName: z.string(),
  /** The theme of the settings; the system's where absent. */
  theme: zSettings.shape.theme.optional(),
});
export type ConfirmView = z.output<typeof zConfirmView>;
