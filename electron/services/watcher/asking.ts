import { decodeFunctionResult, encodeFunctionData, erc20Abi } from "viem";
import { accountAbi } from "#contracts/abi.ts";
import type { TokenName } from "#core/activity/words.ts";
import { readableAmount, type TokenTexts } from "#core/operations/readable.ts";
import type { Address } from "#core/primitives/address.ts";
import { type KeyId, type OperationId, zKeyId } from "#core/primitives/hex.ts";
import type { RpcSource } from "./source.ts";

/** What an RPC is asked beside its blocks and events: it makes warnings clearer, and no watch depends on it. */

/** An answer, or nothing: whatever is wrong with one, broken or hostile, the watch goes on without it. */
async function ifTold<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/**
 * The keys besides the first that proposed a scheduled operation.
 * @returns undefined where the account does not have it any more, or the RPC does not tell
 */
export const otherProposers = (
  source: RpcSource,
  account: Address,
  operation: OperationId,
): Promise<KeyId[] | undefined> =>
  ifTold(async () => {
    const abi = accountAbi;
    const functionName = "getScheduled";
    const data = await source.call(account, encodeFunctionData({ abi, functionName, args: [operation] }));
    const [{ executableAt, others }] = decodeFunctionResult({ abi, functionName, data });
    return executableAt === 0 ? undefined : others.map((key) => zKeyId.parse(key));
  });

async function textsOf(source: RpcSource, token: Address): Promise<TokenTexts> {
  const [symbol, decimals] = await Promise.all([
    ifTold(async () => {
      const data = await source.call(token, encodeFunctionData({ abi: erc20Abi, functionName: "symbol" }));
      return decodeFunctionResult({ abi: erc20Abi, functionName: "symbol", data });
    }),
    ifTold(async () => {
      const data = await source.call(token, encodeFunctionData({ abi: erc20Abi, functionName: "decimals" }));
      return decodeFunctionResult({ abi: erc20Abi, functionName: "decimals", data });
    }),
  ]);
  return { symbol, decimals };
}

/**
 * What a token calls itself, by the bounds that the readable form has (short, ASCII).
 * @returns undefined where it has no usable name, or the RPCs do not tell the same
 */
export async function ownWordOf(
  sources: readonly RpcSource[],
  token: Address,
): Promise<TokenName | undefined> {
  const [first, ...more] = await Promise.all(sources.map((source) => textsOf(source, token)));
  const { symbol, decimals } = first ?? {};
  if (symbol === undefined || decimals === undefined) return undefined;
  if (more.some((other) => other.symbol !== symbol || other.decimals !== decimals)) return undefined;
  // What the readable form refuses to name, it counts in units.
  return readableAmount(1n, { symbol, decimals }) === "1 units"
    ? undefined
    : { symbol, decimals, ownWord: true };
}
