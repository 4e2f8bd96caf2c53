import { numberToHex, size } from "viem/utils";
import type { Address } from "../primitives/address.ts";
import { type Hex, isBytes } from "../primitives/hex.ts";

/** A question to the chain over JSON-RPC; rejects with whatever the chain, or the way to it, says. */
export type ChainRequest = (request: {
  readonly method: "eth_getCode" | "eth_call";
  readonly params: readonly [Readonly<Record<string, Hex>> | Address, "latest"];
}) => Promise<unknown>;

/**
 * What a contract may burn before it counts as one that failed: a third of what Trivet's relay pays for a whole
 * operation, so that what was taken here is not too expensive to be brought to the chain.
 */
export const MOST_CONTRACT_GAS = 1_000_000;

const DELEGATION = "0xef0100";

/** What an address with this code is. `delegated`: a plain key's that borrows a contract's code (EIP-7702). */
export function kindOfCode(code: Hex): "none" | "delegated" | "contract" {
  if (size(code) === 0) return "none";
  return code.toLowerCase().startsWith(DELEGATION) ? "delegated" : "contract";
}

/** What is at an address. */
export async function codeAt(
  request: ChainRequest,
  address: Address,
): Promise<ReturnType<typeof kindOfCode>> {
  const code = await request({ method: "eth_getCode", params: [address, "latest"] });
  if (!isBytes(code)) throw new TypeError("the chain answered eth_getCode with something else than code");
  return kindOfCode(code);
}

/** Codes of JSON-RPC errors by which a node says that the code it ran failed: geth's, and Nethermind's. */
const FAILED_CODES = [3, -32015];
const FAILED_WORDS = /revert|out of gas|ran out|invalid opcode|gas required exceeds|stack (under|over)flow/i;
/** How deep wallets and libraries wrap what a node said. */
const MOST_WRAPPINGS = 8;

/** Whether an error is the contract's own failure, and not the chain's or the way's to it. */
function isFailure(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > MOST_WRAPPINGS) return false;
  if ("code" in error && typeof error.code === "number" && FAILED_CODES.includes(error.code)) return true;
  if ("data" in error && (isBytes(error.data) || isFailure(error.data, depth + 1))) return true;
  if ("message" in error && typeof error.message === "string" && FAILED_WORDS.test(error.message))
    return true;
  return "cause" in error && isFailure(error.cause, depth + 1);
}

/**
 * Calls a contract that nobody vouches for, with bounded gas.
 * @param from who asks: a contract may answer others otherwise
 * @returns what it answers; undefined when it fails
 * @throws what the way to the chain throws, when nobody could be asked
 */
export async function callContract(
  request: ChainRequest,
  { from, to, data }: { readonly from: Address; readonly to: Address; readonly data: Hex },
): Promise<Hex | undefined> {
  const call = { from, to, data, gas: numberToHex(MOST_CONTRACT_GAS) };
  try {
    const answer = await request({ method: "eth_call", params: [call, "latest"] });
    return isBytes(answer) ? answer : undefined;
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}
