import { BaseError, decodeErrorResult, parseEventLogs, type TransactionReceipt } from "viem";
import { z } from "zod";
import { accountAbi } from "#contracts/abi.ts";
import { type Key, keyId } from "#core/keys/key.ts";
import { ROLE_NUMBER } from "#core/keys/role.ts";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import type { WargameWorld } from "../world/world.ts";
import type { Target } from "./belongings.ts";
import { errorCode } from "./proving.ts";
import type { Seen } from "./wishes.ts";

const hasData = (error: unknown) => error instanceof Error && "data" in error;

/** Why a contract refuses a call: the name of its error. */
export function revertName(error: unknown): string {
  const cause = error instanceof BaseError ? error.walk(hasData) : undefined;
  const revert = z.object({ data: zHex }).safeParse(cause);
  if (!revert.success) return errorCode(error);
  try {
    return decodeErrorResult({ abi: accountAbi, data: revert.data.data }).errorName;
  } catch {
    return revert.data.data;
  }
}

/** Whether what was done only waits. */
export const waits = ({ logs }: TransactionReceipt): boolean =>
  parseEventLogs({ abi: accountAbi, logs, eventName: ["OperationScheduled", "KeyPendingUntil"] }).length > 0;

/** The account as anybody sees it, and what it would say to a call. */
export class AccountOnChain {
  readonly #world: WargameWorld;
  readonly #target: Target;

  constructor(world: WargameWorld, target: Target) {
    this.#world = world;
    this.#target = target;
  }

  async see(): Promise<Seen> {
    const { firstKeys, deviceKeys, account } = this.#target;
    const { publicClient } = this.#world.contracts.chain;
    const here = { address: account, abi: accountAbi } as const;
    const [[frozen], mfa, recovery, funds] = await Promise.all([
      publicClient.readContract({ ...here, functionName: "getFreeze" }),
      publicClient.readContract({ ...here, functionName: "threshold", args: [ROLE_NUMBER.mfa] }),
      publicClient.readContract({ ...here, functionName: "threshold", args: [ROLE_NUMBER.recovery] }),
      this.balance(account),
    ]);
    const thresholds = { mfa: Number(mfa), recovery: Number(recovery) };
    return { funds, firstKeys, deviceKeys, thresholds, frozen: frozen !== 0 };
  }

  /** Wei. */
  balance(address: Address): Promise<bigint> {
    return this.#world.contracts.chain.publicClient.getBalance({ address });
  }

  async isActiveDevice(key: Key): Promise<boolean> {
    const [role, activeFrom] = await this.#world.contracts.chain.publicClient.readContract({
      address: this.#target.account,
      abi: accountAbi,
      functionName: "getKey",
      args: [keyId(key)],
    });
    return role === ROLE_NUMBER.device && activeFrom <= (await this.#world.time());
  }

  /** Why the account would refuse a call; undefined when it would not. */
  async refusalOf(data: Hex): Promise<string | undefined> {
    const { publicClient, walletClient } = this.#world.contracts.chain;
    try {
      await publicClient.call({
        account: walletClient.account,
        to: this.#target.account,
        data,
        gas: 2_000_000n,
      });
      return undefined;
    } catch (error) {
      return revertName(error);
    }
  }
}
