import type { TransactionReceipt } from "viem";
import type { TestSigner, World } from "#contracts/testing/world.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Flow } from "../flows.ts";

/** A call an account makes. */
export interface Call {
  readonly target: Address;
  readonly value: bigint;
  readonly data: Hex;
}

/** An account of another kind than ours, and how its owners use it. Each method is one transaction. */
export interface PeerAccount {
  readonly address: Address;
  /** Sends ether or tokens. */
  readonly send: (token: Address, to: Address, amount: bigint) => Promise<TransactionReceipt>;
  /** Makes several calls at once; left out when the account cannot. */
  readonly batch?: (calls: readonly Call[]) => Promise<TransactionReceipt>;
  /** Puts another owner in the place of the last one. */
  readonly replaceLastOwner?: (newOwner: Address) => Promise<TransactionReceipt>;
  /** Sends tokens through the EntryPoint, at the account's expense; left out when there is no such door. */
  readonly sendByEntryPoint?: (token: Address, to: Address, amount: bigint) => Promise<TransactionReceipt>;
}

/** Another kind of account. */
export interface Peer {
  readonly name: string;
  /** What is particular about a flow with this kind of account. */
  readonly notes: Partial<Record<Flow, string>> & { readonly deploy: string };
  /** How many owners may be needed; 1 for a kind that has but one. */
  readonly thresholds: readonly (1 | 2)[];
  /** Set for the one that only shows what nobody can be below, whatever rules it has. */
  readonly isFloor?: true;
  /** Puts what all accounts of this kind share on the chain. */
  readonly setUp: (world: World) => Promise<PeerFactory>;
}

/** Creates accounts of one kind. */
export type PeerFactory = (
  owners: readonly TestSigner[],
  threshold: 1 | 2,
) => Promise<{ readonly account: PeerAccount; readonly deployment: TransactionReceipt }>;
