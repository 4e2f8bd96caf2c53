import { randomUUID } from "node:crypto";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import type { Digest } from "#core/primitives/hex.ts";
import type { ConfirmView } from "#core/wallet-api/operation-view.ts";
import { confirmView, signingDomain, type Signers } from "./confirm-view.ts";

/** How long an approval in the confirm window counts for the signatures of that operation, in milliseconds. */
const APPROVAL_LIFETIME_MS = 15 * 60 * 1000;

export interface ApprovalsOptions {
  readonly config: NetworkConfig;
  /** Shows the view in the confirm window; resolves with the person's decision. */
  readonly ask: (view: ConfirmView) => Promise<boolean>;
  readonly now: () => number;
}

/** What the person approved in the confirm window, by the digest of the compact form. Forgotten on lock. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #approvedUntil = new Map<Digest, number>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /**
   * Makes sure that the person approved this operation in the confirm window, asking if they did not yet.
   * @returns the digest of the compact form, computed here
   * @throws WalletError "rejected" when the person rejects or closes the window
   */
  async require(operation: Operation, signers: Signers): Promise<Digest> {
    return this.requireView(confirmView(randomUUID(), operation, signers, this.#options.config));
  }

  /** The same for whatever a view shows; `digest` is what is signed, and `furtherDigests` by the same decision. */
  async requireView(view: ConfirmView): Promise<Digest> {
    const until = this.#approvedUntil.get(view.digest);
    if (until !== undefined && until > this.#options.now()) return view.digest;
    if (!(await this.#options.ask(view))) {
      throw new WalletError(
        "rejected",
        "You rejected this. Nothing was signed.",
        "Start it again if you change your mind, or drop it.",
      );
    }
    for (const digest of [view.digest, ...(view.furtherDigests ?? [])]) {
      this.#approvedUntil.set(digest, this.#options.now() + APPROVAL_LIFETIME_MS);
    }
    return view.digest;
  }

  /** What was approved of this operation counts no more: wanted again, it is asked for again. */
  forget(operation: Operation): void {
    this.#approvedUntil.delete(operationDigest(operation, "compact", signingDomain(this.#options.config)));
  }

  clear(): void {
    this.#approvedUntil.clear();
  }
}
