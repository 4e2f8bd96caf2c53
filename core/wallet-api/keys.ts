import { z } from "zod";
import { zSigner } from "../keys/signer.ts";
import { zReplaceableRole, zRole } from "../keys/role.ts";
import { zCredentialId } from "../passkey/parts.ts";
import { zAddress } from "../primitives/address.ts";
import { zChangeWay } from "./changes.ts";
import { zOperationView } from "./operation-view.ts";
import { zProofNeed } from "./proofs.ts";

const role = zReplaceableRole;
/** By which a person knows a passkey again, here and where they keep it. */
const zPasskeyName = z.string().trim().min(1).max(40);
/** A passkey that no account counts yet. */
const zMadePasskey = z.object({
  signer: zSigner,
  credential: zCredentialId,
  /** Whether other devices of the person may have it, too; otherwise it is lost with the one that made it. */
  synced: z.boolean(),
});
/** Whose signatures the person chose; the best authority of the policy where it is left out. */
export const zSignedBy = z.array(zRole).min(1).optional();
/** Who would sign, in each way in which the account allows it. */
export const zWaysReview = z.object({
  /** The best first. */
  ways: z.array(zChangeWay).min(1),
  /** The account's contract is put on the chain first (once). */
  deploysFirst: z.boolean(),
});

/** How an mfa or recovery key changes its holder. */
export const KEY_METHODS = {
  /** Who would sign for giving the key of a role to another holder, in each way in which the account allows it. */
  "keys.reviewReplacement": {
    input: z.object({
      role,
      /** A Ledger's address, or a passkey's signer; left out for the key network, which makes a new key. */
      signer: zSigner.optional(),
    }),
    output: zWaysReview,
  },
  /** Starts the replacement of an mfa or recovery key by the Ledger whose address was checked before. */
  "keys.replaceWithLedger": {
    input: z.object({
      role,
      signer: zAddress,
      /** "Ledger Flex": what tells the person's Ledgers apart on the screens. */
      model: z.string().max(60).optional(),
      signedBy: zSignedBy,
    }),
    output: zOperationView,
  },
  /**
   * Has the person make a passkey on a page in their browser; nothing of the account changes.
   * @throws WalletError "passkey-…", "browser-…"
   */
  "keys.makePasskey": { input: z.object({ role, name: zPasskeyName }), output: zMadePasskey },
  /** Starts the replacement of an mfa or recovery key by a passkey that was made before. */
  "keys.replaceWithPasskey": {
    input: zMadePasskey
      .pick({ signer: true, credential: true })
      .extend({ role, name: zPasskeyName, signedBy: zSignedBy }),
    output: zOperationView,
  },
  /** Stops waiting for the page in the browser. */
  "keys.cancelBrowser": { input: z.undefined(), output: z.undefined() },
  /** What the person has to prove before the network makes a new key for them; nothing when they did lately. */
  "keys.proofsForNetwork": { input: z.object({ role }), output: zProofNeed.optional() },
  /** Has the network make a new key, writes its record, and starts the replacement of the key on a Ledger by it. */
  "keys.returnToNetwork": { input: z.object({ role, signedBy: zSignedBy }), output: zOperationView },
} as const;
