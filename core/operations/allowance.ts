import { decodeFunctionData, encodeFunctionData } from "viem/utils";
import { type Address, toAddress } from "../primitives/address.ts";
import { zHex } from "../primitives/hex.ts";
import type { Execute, OperationDraft } from "./operation.ts";

const approveAbi = [
  {
    type: "function",
    name: "approve",
    stateMutability: "nonpayable",
    inputs: [
      { name: "spender", type: "address" },
      { name: "amount", type: "uint256" },
    ],
    outputs: [{ type: "bool" }],
  },
] as const;

/** That a contract may take so much of a token out of the account, until it did or until that is changed. */
export interface Allowance {
  readonly token: Address;
  readonly spender: Address;
  /** In the token's smallest unit; 0 takes the allowance back. */
  readonly amount: bigint;
}

/** The operation that gives it: one call of the token (ERC-20, `approve`). */
export function allowanceOperation({
  token,
  spender,
  amount,
}: Allowance): OperationDraft & { kind: "execute" } {
  const data = encodeFunctionData({ abi: approveAbi, args: [spender, amount] });
  return { kind: "execute", calls: [{ target: token, value: 0n, data: zHex.parse(data) }] };
}

/** The allowance that an operation gives, and nothing else; undefined where it does anything besides. */
export function allowanceOf({ calls }: Pick<Execute, "calls">): Allowance | undefined {
  const [call] = calls;
  if (!call || calls.length > 1 || call.value !== 0n) return;
  try {
    const { args } = decodeFunctionData({ abi: approveAbi, data: call.data });
    const allowance = { token: call.target, spender: toAddress(args[0]), amount: args[1] };
    // What is encoded in another way than usual, or goes on behind it, is shown as what it is: bytes.
    return allowanceOperation(allowance).calls[0]?.data === call.data ? allowance : undefined;
  } catch {
    return;
  }
}
