import { decodeAbiParameters, decodeFunctionData } from "viem/utils";
import { accountAbi } from "#contracts/abi.ts";
import { zChange } from "#core/operations/change-wish.ts";
import { changeRow, CHANGES } from "#core/operations/changes.ts";
import { type Operation, zOperation } from "#core/operations/operation.ts";
import type { Address } from "#core/primitives/address.ts";
import type { Hex } from "#core/primitives/hex.ts";

/** A change from its number on the chain and its words; undefined where they do not make one. */
function changeFrom(number: number, words: readonly Hex[], account: Address, nonce: bigint) {
  const row = CHANGES[number];
  if (!row) return undefined;
  const values = Object.entries(changeRow(row.kind).fields).map(([name, { solidity }], index) => {
    const value: unknown = decodeAbiParameters([{ type: solidity }], words[index] ?? "0x")[0];
    return [name, value] as const;
  });
  const { data } = zChange.safeParse({ kind: row.kind, account, nonce, ...Object.fromEntries(values) });
  return data;
}

/**
 * The operation behind the call that a schedule keeps.
 * @returns undefined where the call is none that this version can show; calls come from the chain, not from Trivet
 */
export function operationOfCall(account: Address, data: Hex): Operation | undefined {
  try {
    const call = decodeFunctionData({ abi: accountAbi, data });
    switch (call.functionName) {
      case "withdraw": {
        const [token, to, amount, nonce] = call.args;
        return zOperation.safeParse({ kind: "withdraw", account, token, to, amount, nonce }).data;
      }
      case "execute": {
        const [calls, nonce] = call.args;
        return zOperation.safeParse({ kind: "execute", account, calls, nonce }).data;
      }
      case "change": {
        const [number, words, nonce] = call.args;
        return changeFrom(number, words, account, nonce);
      }
      default:
        return undefined;
    }
  } catch {
    // Whatever it is, it is not a call of this account's functions.
    return undefined;
  }
}
