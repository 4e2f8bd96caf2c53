import path from "node:path";
import { z } from "zod";
import { zWalletErrorData } from "#core/errors/wallet-error.ts";
import { zKey } from "#core/keys/key.ts";
import { zReplaceableRole, zRole } from "#core/keys/role.ts";
import { operationToJson, zOperationJson } from "#core/operations/operation.ts";
import { SIGNER_KINDS } from "#core/operations/signatures.ts";
import { FORMS } from "#core/operations/typed-data.ts";
import { zHex, zKeyId, zTransactionHash } from "#core/primitives/hex.ts";
import { OPERATION_STEPS, zEffect } from "#core/wallet-api/operation-view.ts";
import { zHeldKey } from "../profile.ts";
import { type EntryFolder, entryFolder } from "../storage/entry-folder.ts";

const zSigner = z.object({
  role: zRole,
  held: zHeldKey,
});

const zAsked = z.object({
  role: zReplaceableRole,
  needed: z.int().min(1),
  keys: z.array(z.object({ id: zKeyId, held: zHeldKey.optional() })).min(1),
});

/** One operation in flight. Everything that was signed or sent is in it, so that nothing is done twice. */
export const zJournalEntry = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  operation: zOperationJson,
  /** Whose keys sign from this computer, in this order: the device key first, where it does. */
  signers: z.array(zSigner),
  /** Whose keys sign elsewhere: other people are asked, and their answers can come in any order. */
  asked: z.array(zAsked).default([]),
  /** When the rules let it take effect, by who signs. What is journalled without it took effect at once. */
  effect: zEffect.default("now"),
  /** How long it then waits, as the account's delays were when it was begun. */
  seconds: z.int().nonnegative().optional(),
  /** For a key replacement: the old and the new holder. */
  oldHolder: zHeldKey.optional(),
  newHolder: zHeldKey.optional(),
  /** The account is put on the chain before anything is signed. */
  deploysFirst: z.boolean(),
  deployed: z.boolean(),
  /** Signature of the new holder's acceptance. */
  acceptance: zHex.optional(),
  signatures: z.array(
    z.object({
      role: zRole,
      key: zKey,
      /** What was journalled without it is of a plain signer. */
      signer: z.enum(SIGNER_KINDS).default("plain"),
      form: z.enum(FORMS),
      signature: zHex,
    }),
  ),
  /** Set before the relay is asked for the first time: from then on the operation may reach the chain. */
  submittedAt: z.number().optional(),
  transactionHash: zTransactionHash.optional(),
  /** The chain has it. */
  settled: z.boolean(),
  /** A new holder's trial signature was made, or skipped by the person. */
  tried: z.boolean(),
  ended: z.enum(["done", "dropped"]).optional(),
  /** The failure at which it stopped, for the screens. */
  failure: z.object({ step: z.enum(OPERATION_STEPS), error: zWalletErrorData }).optional(),
  /** Remarks by step, e.g. a key node that returned a wrong share. */
  notes: z.partialRecord(z.enum(OPERATION_STEPS), z.string()),
});
export type JournalEntry = z.output<typeof zJournalEntry>;

/** What was sent to the relay. The transaction is the one that it named, until the chain showed which it is. */
export type Submitted = Pick<JournalEntry, "operation" | "transactionHash">;

/** The journal: one file per operation, each always whole; of those that ended, the newest. */
export type Journal = EntryFolder<JournalEntry>;

export const openJournal = (directory: string): Journal =>
  entryFolder(path.join(directory, "journal"), {
    schema: zJournalEntry,
    encode: (entry) => ({ ...entry, operation: operationToJson(entry.operation) }),
  });
