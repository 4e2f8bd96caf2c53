import { z } from "zod";
import { zSigner } from "#core/keys/signer.ts";
import { zCredentialId } from "#core/passkey/parts.ts";
import { zHex } from "#core/primitives/hex.ts";

/** Which passkey is asked: its verifier and public key, and its name at its authenticator, where it is known. */
export const zAskedPasskey = z.object({ signer: zSigner, credential: zCredentialId.optional() });

/** What is done with passkeys that hold keys, besides signing operations. */
export const PASSKEY_METHODS = {
  /** Has one made in the browser. It is worth nothing until the account's keys put it on the account. */
  makePasskey: {
    input: z.object({
      name: z.string().min(1).max(64),
      /** Passkeys that hold keys already. */
      others: z.array(zCredentialId),
    }),
    output: z.object({ signer: zSigner, credential: zCredentialId, synced: z.boolean() }),
  },
  /** Has it sign a number made at random, as it would sign an operation: it can, and it verifies the person. */
  rehearsePasskey: { input: zAskedPasskey, output: z.object({ signature: zHex }) },
  /** Asks whichever passkey the person chooses, and tells the few signers that it may be. */
  findPasskey: {
    input: z.undefined(),
    output: z.object({ credential: zCredentialId, signers: z.array(zSigner) }),
  },
} as const;

/** What is done on a page in the person's browser. */
export const PASSKEY_PURPOSES = ["make-key", "try-key", "sign-with-key", "find-key"] as const;

/** What the vault asks of main: the browser, whose answer the vault checks. */
export const PASSKEY_NEEDS = {
  passkey: {
    /** `options` is WebAuthn's JSON for it. */
    input: z.object({ purpose: z.enum(PASSKEY_PURPOSES), options: z.string() }),
    /** The credential's JSON. */
    output: z.object({ answer: z.string() }),
  },
} as const;
