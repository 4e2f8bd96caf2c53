import { WalletError } from "#core/errors/wallet-error.ts";
import type { ReplaceableRole } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import type { FactorProof, GuardedAction } from "#core/security/gate-rules.ts";
import type { CodeWish, GivenProof, ProofNeed } from "#core/wallet-api/proofs.ts";
import type { PendingCode } from "#core/wallet-api/state.ts";
import { LOCAL_PASSKEY_DOMAIN, openPasskeyPage } from "../browser/passkey-page.ts";
import { awaitRedirect } from "../browser/redirect.ts";
import type { SystemBrowser } from "../browser/system-browser.ts";
import { networkKey, type ProfileStore } from "../profile.ts";
import type { VaultClient } from "../vault.ts";
import { findNeed } from "./need.ts";

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

export interface ProofsOptions {
  readonly vault: VaultClient;
  readonly profile: Pick<ProfileStore, "get">;
  readonly browser: SystemBrowser;
  /** Whether this computer's device key is an active one of the account; it is unless told otherwise. */
  readonly deviceCounts?: () => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createProofs(options: ProofsOptions): Proofs {
  const { vault, profile, browser, now, deviceCounts = () => Promise.resolve(true) } = options;
  return {
    async missing(action, role, wallet) {
      const record = networkKey((await profile.get()).keys, role)?.record;
      if (!record) throw recordUnknown();
      const time = Math.floor(now() / 1000);
      const signs: FactorProof[] = wallet
        ? [{ type: "wallet", id: wallet.toLowerCase(), lastAuthenticatedAt: time }]
        : [];
      return findNeed({
        action,
        role,
        record,
        proofs: [...(await vault.call("factors", undefined)), ...signs],
        described: await vault.call("describeFactors", { factors: record.factors }),
        deviceCounts: await deviceCounts(),
        now: time,
      });
    },
    sendCode: (wish) => vault.call("sendProofCode", wish),
    async give(proof) {
      switch (proof.kind) {
        case "passkey": {
          const asked = await vault.call("startPasskeyProof", { domain: LOCAL_PASSKEY_DOMAIN });
          const credential = await browser.visit(await openPasskeyPage("get", asked.options));
          await vault.call("finishPasskeyProof", { credential });
          return;
        }
        case "oauth": {
          const visit = await awaitRedirect();
          const { provider } = proof;
          const { url } = await vault
            .call("startLoginProof", { provider, redirectUrl: visit.url })
            .catch((cause: unknown) => {
              visit.close();
              throw cause;
            });
          const redirect = await browser.visit(visit, url);
          await vault.call("finishLoginProof", { redirect: redirect.href });
          return;
        }
        default:
          await vault.call("proveTyped", proof);
      }
    },
    cancel: () => {
      browser.cancel();
    },
  };
}

const recordUnknown = () =>
  new WalletError(
    "record-unknown",
    "Trivet does not know which factors are registered for this key.",
    "Drop what you began and start it again.",
  );
