import { encodeFunctionData, parseEventLogs, parseGwei, type TransactionReceipt } from "viem";
import {
  entryPoint08Abi,
  getUserOperationHash,
  toPackedUserOperation,
  type UserOperation,
} from "viem/account-abstraction";
import type { Address } from "#core/primitives/address.ts";
import { type Hex, zHex } from "#core/primitives/hex.ts";
import type { TestChain } from "./chain.ts";
import { ENTRY_POINT } from "./entry-point.ts";

/** An ERC-4337 operation that nobody has signed yet. */
export type UnsignedUserOperation = Omit<UserOperation<"0.8">, "signature">;

/** The most an operation may use; the same for every account, so that none gains by guessing better. */
const LIMITS = {
  verificationGasLimit: 400_000n,
  callGasLimit: 400_000n,
  preVerificationGas: 60_000n,
  maxFeePerGas: parseGwei("4"),
  maxPriorityFeePerGas: parseGwei("1"),
};

/** A call the EntryPoint is to have the account make, with the next nonce the EntryPoint has for it on a lane. */
export async function userOperation(
  { publicClient }: TestChain,
  sender: Address,
  callData: Hex,
  lane = 0n,
): Promise<UnsignedUserOperation> {
  const nonce = await publicClient.readContract({
    address: ENTRY_POINT,
    abi: entryPoint08Abi,
    functionName: "getNonce",
    args: [sender, lane],
  });
  return { sender, nonce, callData, ...LIMITS };
}

/** What the EntryPoint asks the account to judge the signature over (EIP-712). */
export function userOperationHash({ walletClient }: TestChain, operation: UnsignedUserOperation): Hex {
  return zHex.parse(
    getUserOperationHash({
      chainId: walletClient.chain.id,
      entryPointAddress: ENTRY_POINT,
      entryPointVersion: "0.8",
      userOperation: { ...operation, signature: "0x" },
    }),
  );
}

/**
 * Has the EntryPoint handle one operation, as a bundler does that keeps what the account pays.
 * @throws Error when the operation is refused, or when the call it makes fails, which the EntryPoint only notes
 */
export async function submitUserOperation(
  { publicClient, walletClient }: TestChain,
  operation: UnsignedUserOperation,
  signature: Hex,
): Promise<TransactionReceipt> {
  const packed = toPackedUserOperation({ ...operation, signature });
  const data = encodeFunctionData({
    abi: entryPoint08Abi,
    functionName: "handleOps",
    args: [[packed], walletClient.account.address],
  });
  const hash = await walletClient.sendTransaction({ to: ENTRY_POINT, data, gas: 2_000_000n });
  const receipt = await publicClient.waitForTransactionReceipt({ hash });
  const events = parseEventLogs({
    abi: entryPoint08Abi,
    eventName: "UserOperationEvent",
    logs: receipt.logs,
  });
  if (events.length !== 1 || events[0]?.args.success !== true) {
    throw new Error(`the operation of ${operation.sender} was included, but its call failed (${hash})`);
  }
  return receipt;
}
