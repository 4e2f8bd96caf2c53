import { z } from "zod";
import { zLoginProvider } from "#core/security/login-providers.ts";
import { zRecordFactor } from "#core/security/opened-record.ts";
import { zCodeWish, zTypedProof } from "#core/wallet-api/proofs.ts";
import { zPendingCode } from "#core/wallet-api/state.ts";

const nothing = z.undefined();

/** What the authenticator knows of a record's factor. */
const zDescribedFactor = z.object({
  /** Its owner's name for it: the masked email address, the end of the number, the name of the passkey or of the provider. */
  name: z.string().optional(),
  provider: zLoginProvider.optional(),
  /** Whether the authenticator would accept a proof of it. */
  available: z.boolean(),
});
export type DescribedFactor = z.output<typeof zDescribedFactor>;

/** Proofs within the open session. None opens one, and none is taken that comes with another person's session. */
export const PROOF_METHODS = {
  /** What the person calls the factors of a record, in the order asked. */
  describeFactors: {
    input: z.object({ factors: z.array(zRecordFactor) }),
    output: z.array(zDescribedFactor),
  },
  /** Sends a code to an address of the person's that the authenticator has verified. */
  sendProofCode: { input: zCodeWish, output: zPendingCode },
  /** Proves a code or the password. */
  proveTyped: { input: zTypedProof, output: nothing },
  /** The options with which the browser asks for a passkey of a domain. */
  startPasskeyProof: { input: z.object({ domain: z.string() }), output: z.object({ options: z.string() }) },
  finishPasskeyProof: { input: z.object({ credential: z.string() }), output: nothing },
  /** The address at which the browser begins a social login that ends at `redirectUrl`. */
  startLoginProof: {
    input: z.object({ provider: zLoginProvider, redirectUrl: z.url() }),
    output: z.object({ url: z.url() }),
  },
  /** @param redirect the address that the browser came back to */
  finishLoginProof: { input: z.object({ redirect: z.url() }), output: nothing },
} as const;
