import { allowanceOf } from "#core/operations/allowance.ts";
import type { Operation } from "#core/operations/operation.ts";
import { type Address, NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { OperationSummary } from "#core/wallet-api/operation-view.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { HeldKey } from "../profile.ts";

const holderView = ({ holder, key }: HeldKey) => ({ holder, signer: key.signer });

const tokenOf = (address: Address, tokens: readonly Token[]): Token =>
  tokens.find((token) => sameAddress(token.address, address)) ?? {
    address,
    symbol: sameAddress(address, NATIVE_TOKEN) ? "ETH" : "units",
    name: "Unknown token",
    decimals: 0,
  };

/** What the network's description says of what operations are about. */
export interface Described {
  readonly tokens: readonly Token[];
  /** The contract that keeps scripts' keys to their calls. */
  readonly scriptVerifier?: Address | undefined;
}

/**
 * What an operation does, in the terms of the screens.
 * @param holders for a key replacement: who held the key, and who will
 */
export function operationSummary(
  operation: Operation,
  { tokens, scriptVerifier }: Described,
  {
    oldHolder,
    newHolder,
  }: { readonly oldHolder?: HeldKey | undefined; readonly newHolder?: HeldKey | undefined } = {},
): OperationSummary {
  switch (operation.kind) {
    case "withdraw":
      return {
        kind: "withdraw",
        token: tokenOf(operation.token, tokens),
        to: operation.to,
        amount: operation.amount,
      };
    case "replaceKey": {
      if (!newHolder || !oldHolder) throw new Error("a key replacement names its old and its new holder");
      return {
        kind: "replaceKey",
        role: operation.role,
        from: holderView(oldHolder),
        to: holderView(newHolder),
      };
    }
    case "execute": {
      const given = allowanceOf(operation);
      const allowance = given && { ...given, token: tokenOf(given.token, tokens) };
      return { kind: "execute", calls: operation.calls.length, ...(allowance && { allowance }) };
    }
    case "migrate":
      return { kind: "migrate", successor: operation.successor };
    default:
      return { kind: "change", change: operation, ...(scriptVerifier && { scriptVerifier }) };
  }
}
