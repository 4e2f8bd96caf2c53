import { concat, encodeFunctionData, erc20Abi } from "viem";
import type { TestSigner } from "#contracts/testing/world.ts";
import { type Address, NATIVE_TOKEN, toAddress } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";
import type { Call } from "./peer.ts";

const byAddress = (a: TestSigner, b: TestSigner) =>
  a.account.address.toLowerCase() < b.account.address.toLowerCase() ? -1 : 1;

/** The signatures of the first `threshold` owners over a digest, ascending by owner, one after another. */
export async function signedByAddress(
  owners: readonly TestSigner[],
  threshold: number,
  hash: Hex,
): Promise<Hex> {
  const signers = owners.slice(0, threshold).sort(byAddress);
  return concat(await Promise.all(signers.map(async ({ account }) => await account.sign({ hash }))));
}

/** Sending ether or tokens, as a call. */
export const transferCall = (token: Address, to: Address, amount: bigint): Call =>
  token === NATIVE_TOKEN
    ? { target: to, value: amount, data: "0x" }
    : {
        target: token,
        value: 0n,
        data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amount] }),
      };

/** The owner that gives way to another one. */
export function lastOwner(owners: readonly TestSigner[]): Address {
  const last = owners.at(-1);
  if (last === undefined) throw new RangeError("an account has owners");
  return toAddress(last.account.address);
}
