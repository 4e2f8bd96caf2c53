import type { SignerKind } from "../operations/signatures.ts";
import { operationId, type TypedData } from "../operations/typed-data.ts";
import type { Address } from "../primitives/address.ts";
import type { Hex } from "../primitives/hex.ts";
import {
  type Acceptance,
  type Check,
  type Invitation,
  type Letter,
  NEWEST_LETTER_VERSION,
  type Presence,
  type SignatureRequest,
  type SignedAnswer,
} from "./letters.ts";
import {
  acceptanceTypedData,
  checkHash,
  invitationHash,
  presenceTypedData,
  requestTypedData,
} from "./messages.ts";

/** A letter that asks for a signature. */
export type Asking = Invitation | SignatureRequest | Check;

/** Whether a letter asks for a signature; the others are answers. */
export const isAsking = (letter: Letter): letter is Asking =>
  letter.kind === "invitation" || letter.kind === "request" || letter.kind === "check";

/** What a friend signs for a letter, and the answer that the signature makes. */
export interface Answering {
  readonly typedData: TypedData;
  /** @param by how the signer turned out to sign; a contract's answer is one of version 2 */
  readonly answer: (signature: Hex, by?: SignerKind) => Acceptance | SignedAnswer | Presence;
}

/** @param key the friend's, with the salt by which the account knows it */
export function answering(letter: Asking, key: { readonly signer: Address; readonly salt: Hex }): Answering {
  const { trivet, domain, account } = letter;
  const header = { trivet, domain, account } as const;
  const versionOf = (by: SignerKind) => (by === "plain" ? 1 : NEWEST_LETTER_VERSION);
  switch (letter.kind) {
    case "invitation": {
      const invitation = invitationHash(letter);
      const unsigned = { ...header, kind: "acceptance" as const, role: letter.role, invitation, key };
      return {
        typedData: acceptanceTypedData(unsigned),
        answer: (signature, by = "plain") => ({ ...unsigned, version: versionOf(by), signature }),
      };
    }
    case "request": {
      const { operation } = letter;
      const unsigned = { ...header, kind: "signature" as const, operation: operationId(operation), key };
      return {
        typedData: requestTypedData(operation, domain),
        answer: (signature, by = "plain") => ({ ...unsigned, version: versionOf(by), signature }),
      };
    }
    case "check": {
      const unsigned = { ...header, kind: "presence" as const, check: checkHash(letter), key };
      return {
        typedData: presenceTypedData(unsigned, letter.role),
        answer: (signature, by = "plain") => ({ ...unsigned, version: versionOf(by), signature }),
      };
    }
  }
}
