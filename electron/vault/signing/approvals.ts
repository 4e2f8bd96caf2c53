import { randomUUID } from "node:crypto";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Operation } from "#core/operations/operation.ts";
import { operationDigest } from "#core/operations/typed-data.ts";
import { type Address, sameAddress } from "#core/primitives/address.ts";
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
  readonly #approved = new Map<Digest, { until: number; wallet: Address | undefined }>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /**
   * Makes sure that the person approved this operation in the confirm window, asking if they did not yet.
   * @param wallet signs along, to prove who the person is: they approve of that, too
   * @returns the digest of the compact form, computed here
   * @throws WalletError "rejected" when the person rejects or closes the window
   */
  async require(operation: Operation, signers: Signers, wallet?: Address): Promise<Digest> {
    const view = confirmView(randomUUID(), operation, signers, this.#options.config);
    return this.requireView(wallet ? { ...view, wallet } : view);
  }

  /** The same for whatever a view shows; `digest` is what is signed, and `furtherDigests` by the same decision. */
  async requireView(view: ConfirmView): Promise<Digest> {
    if (this.#covers(view)) return view.digest;
    if (!(await this.#options.ask(view))) {
      throw new WalletError(
        "rejected",
        "You rejected this. Nothing was signed.",
        "Start it again if you change your mind, or drop it.",
      );
    }
    for (const digest of [view.digest, ...(view.furtherDigests ?? [])]) {
      const until = this.#options.now() + APPROVAL_LIFETIME_MS;
      this.#approved.set(digest, { until, wallet: view.wallet });
    }
    return view.digest;
  }

  /** What was approved of this operation counts no more: wanted again, it is asked for again. */
  forget(operation: Operation): void {
    this.#approved.delete(operationDigest(operation, "compact", signingDomain(this.#options.config)));
  }

  clear(): void {
    this.#approved.clear();
  }

  /** Whether what was approved lately is this, with this wallet if one signs along. */
  #covers({ digest, wallet }: ConfirmView): boolean {
    const approved = this.#approved.get(digest);
    if (!approved || approved.until <= this.#options.now()) return false;
    return !wallet || (approved.wallet !== undefined && sameAddress(approved.wallet, wallet));
  }
}
