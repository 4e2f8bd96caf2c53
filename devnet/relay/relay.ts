import { getAbiItem } from "viem";
import { z } from "zod";
import { accountFactoryAbi } from "#contracts/abi.ts";
import type { Address } from "#core/primitives/address.ts";
import { sameAddress, zAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import { zHex } from "#core/primitives/hex.ts";
import { relayAccount } from "../chain/accounts.ts";
import type { ChainClients } from "../chain/client.ts";
import { revertDataOf } from "../chain/revert.ts";
import { createQueue } from "../supervisor/queue.ts";

/** More than any operation of an account needs; less than a block holds. */
const MAX_GAS = 3_000_000n;
const MAX_DATA_BYTES = 32_768;

/** A call to be submitted: to a contract of Trivet, with its calldata. No value can be sent along. */
export const zRelayCall = z.strictObject({
  to: zAddress,
  data: zHex.refine(
    (data) => data.length <= 2 + 2 * MAX_DATA_BYTES,
    `data is longer than ${MAX_DATA_BYTES} bytes`,
  ),
});
export type RelayCall = z.output<typeof zRelayCall>;

export type RelayRefusal =
  /** `to` is none of Trivet's contracts. */
  | "not-allowed"
  /** The call would revert; `revertData` says with what. */
  | "reverted"
  /** It needs more gas than the relay pays for. */
  | "too-expensive";

/** The relay does not submit a call, and why. */
export class RelayError extends Error {
  override readonly name = "RelayError";
  readonly code: RelayRefusal;
  readonly revertData: Hex | undefined;

  constructor(code: RelayRefusal, message: string, revertData?: Hex) {
    super(message);
    this.code = code;
    this.revertData = revertData;
  }
}

/** Where Trivet's contracts are: all that the relay pays for. */
export interface RelayTargets {
  factory: Address;
  factorRegistry: Address;
}

export interface Relay {
  address: Address;
  /**
   * Submits a call and returns its transaction's hash.
   *
   * @throws {RelayError} when it does not
   */
  submit(call: RelayCall): Promise<Hex>;
}

/**
 * Submits signed operations and pays their gas from an account of its own. It can neither change nor forge
 * what was signed; it can only refuse. It pays for nothing but Trivet: the factory, the factor registry, and
 * accounts that this factory made.
 */
export function createRelay(clients: ChainClients, targets: RelayTargets, maxGas = MAX_GAS): Relay {
  const { reader } = clients;
  const wallet = clients.as(relayAccount);
  const inTurn = createQueue();
  const knownAccounts = new Set<string>();

  async function demandAllowed(to: Address): Promise<void> {
    if (sameAddress(to, targets.factory) || sameAddress(to, targets.factorRegistry)) return;
    if (knownAccounts.has(to)) return;
    const creations = await reader.getLogs({
      address: targets.factory,
      event: getAbiItem({ abi: accountFactoryAbi, name: "AccountCreated" }),
      args: { account: to },
      fromBlock: 0n,
    });
    if (creations.length === 0) {
      throw new RelayError(
        "not-allowed",
        `The relay pays only for Trivet's contracts and for accounts that exist; ${to} is neither.`,
      );
    }
    knownAccounts.add(to);
  }

  /** Tries the call without sending it, and gives the gas it needs. */
  async function simulate(call: RelayCall): Promise<bigint> {
    try {
      return await reader.estimateGas({ ...call, account: relayAccount.address });
    } catch (error) {
      const revertData = revertDataOf(error);
      if (revertData === undefined) throw error;
      throw new RelayError("reverted", "The contract refuses this operation.", revertData);
    }
  }

  return {
    address: zAddress.parse(relayAccount.address),
    submit: (call) =>
      inTurn(async () => {
        await demandAllowed(call.to);
        const needed = await simulate(call);
        // A little more, because the block it lands in may cost more than the one it was tried in.
        const gas = (needed * 12n) / 10n;
        if (gas > maxGas) {
          throw new RelayError("too-expensive", `The relay pays for ${maxGas} gas; this needs ${gas}.`);
        }
        return wallet.sendTransaction({ ...call, gas });
      }),
  };
}
