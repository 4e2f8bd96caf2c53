import { randomUUID } from "node:crypto";
import type { NetworkConfig } from "#core/config/network.ts";
import { WalletError } from "#core/errors/wallet-error.ts";
import type { Timing } from "#core/operations/consequences.ts";
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
  /** Has the confirm window stop showing the view with this id, if it does. */
  readonly takeBack: (id: ConfirmView["id"]) => void;
  readonly now: () => number;
}

/** An operation that is to be signed: by whom, and when it takes effect then. */
export interface Asked {
  readonly operation: Operation;
  readonly signers: Signers;
  readonly timing: Timing;
}

/** What one decision in the confirm window covers. */
interface Approved {
  /** All that the window said; undefined for what was approved along with something else. */
  readonly said: string | undefined;
  /** Signs along, to prove who the person is. */
  readonly wallet: Address | undefined;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Everything a view says but the wallet that signs along: who signs, and what comes of it, as much as what is signed. */
const saidBy = ({ id: _id, wallet: _wallet, ...said }: ConfirmView): string => JSON.stringify(said);

const rejected = () =>
  new WalletError(
    "rejected",
    "You rejected this. Nothing was signed.",
    "Start it again if you change your mind, or drop it.",
  );

/** What the person approved in the confirm window, by the digest that is signed. Forgotten on lock. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #approved = new Map<Digest, Approved>();
  /** What the window asks at the moment. */
  readonly #asked = new Set<ConfirmView>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /**
   * Makes sure that the person approved this operation in the confirm window, asking if they did not yet.
   * @param wallet signs along, to prove who the person is: they approve of that, too
   * @returns the digest of the compact form, computed here
   * @throws WalletError "rejected" when the person rejects or closes the window, or the question was taken back
   */
  async require({ operation, signers, timing }: Asked, wallet?: Address): Promise<Digest> {
    const view = confirmView(randomUUID(), operation, signers, timing, this.#options.config);
    return this.requireView(wallet ? { ...view, wallet } : view);
  }

  /** The same for whatever a view shows; `digest` is what is signed, and `furtherDigests` by the same decision. */
  async requireView(view: ConfirmView): Promise<Digest> {
    if (this.#covers(view)) return view.digest;
    this.#asked.add(view);
    let approved = false;
    try {
      approved = await this.#options.ask(view);
    } finally {
      // Forgotten while the window was open, it is asked no more: a late approval must not count.
      approved = this.#asked.delete(view) && approved;
    }
    if (!approved) throw rejected();
    const until = this.#options.now() + APPROVAL_LIFETIME_MS;
    const { wallet, furtherDigests = [] } = view;
    this.#approved.set(view.digest, { said: saidBy(view), wallet, until });
    for (const digest of furtherDigests) this.#approved.set(digest, { said: undefined, wallet, until });
    return view.digest;
  }

  /** What was approved of this operation counts no more: wanted again, it is asked for again. */
  forget(operation: Operation): void {
    const dropped = operationDigest(operation, "compact", signingDomain(this.#options.config));
    this.#approved.delete(dropped);
    for (const view of this.#asked) if (view.digest === dropped) this.#takeBack(view);
  }

  /** Nothing counts any more, and nothing is asked. */
  clear(): void {
    this.#approved.clear();
    for (const view of this.#asked) this.#takeBack(view);
  }

  #takeBack(view: ConfirmView): void {
    this.#asked.delete(view);
    this.#options.takeBack(view.id);
  }

  /** Whether what was approved lately is this, in these words, with this wallet if one signs along. */
  #covers(view: ConfirmView): boolean {
    const approved = this.#approved.get(view.digest);
    if (!approved || approved.until <= this.#options.now()) return false;
    if (approved.said !== undefined && approved.said !== saidBy(view)) return false;
    return !view.wallet || (approved.wallet !== undefined && sameAddress(approved.wallet, view.wallet));
  }
}
