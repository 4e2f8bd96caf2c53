import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { GuardedAction } from "#core/security/gate-rules.ts";
import type { CodeWish, GivenProof, ProofNeed } from "#core/wallet-api/proofs.ts";
import type { PendingCode } from "#core/wallet-api/state.ts";

/** How a person proves who they are, in the session that is open. */
export interface Proofs {
  /**
   * What is still to be proven before the network signs with the key of a role.
   * @param wallet a wallet of the key's record that will sign the request itself, and so proves itself there
   * @returns undefined when what is proven suffices
   * @throws WalletError "record-unknown" when the network does not hold the role's key, or its record is not known
   */
  readonly missing: (
    action: GuardedAction,
    role: ReplaceableRole,
    wallet?: Address,
  ) => Promise<ProofNeed | undefined>;
  /** Sends a code to one of the person's addresses; an earlier one no longer counts. */
  readonly sendCode: (wish: CodeWish) => Promise<PendingCode>;
  /**
   * Proves one factor. A passkey and a social login open the system's browser, and this resolves when the person is
   * done there.
   * @throws WalletError with the authenticator's reason, or "browser-closed" once it was cancelled
   */
  readonly give: (proof: GivenProof) => Promise<void>;
  /** Stops waiting for the browser. */
  readonly cancel: () => void;
}
