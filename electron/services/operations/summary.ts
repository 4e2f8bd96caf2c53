import { addressOfKey } from "#core/keys/key.ts";
import type { Operation } from "#core/operations/operation.ts";
import { NATIVE_TOKEN, sameAddress } from "#core/primitives/address.ts";
import type { OperationSummary } from "#core/wallet-api/operation-view.ts";
import type { Token } from "#core/wallet-api/state.ts";
import type { HeldKey } from "../profile.ts";

function holderView(held: HeldKey) {
  const signer = addressOfKey(held.key);
  if (!signer) throw new Error("this version shows keys whose signer is an address");
  return { holder: held.holder, signer };
}

/**
 * What an operation does, in the terms of the screens.
 * @param holders for a key replacement: who held the key, and who will
 */
export function operationSummary(
  operation: Operation,
  tokens: readonly Token[],
  {
    oldHolder,
    newHolder,
  }: { readonly oldHolder?: HeldKey | undefined; readonly newHolder?: HeldKey | undefined } = {},
): OperationSummary {
  switch (operation.kind) {
    case "withdraw": {
      const known = tokens.find(({ address }) => sameAddress(address, operation.token));
      const token = known ?? {
        address: operation.token,
        symbol: sameAddress(operation.token, NATIVE_TOKEN) ? "ETH" : "units",
        name: "Unknown token",
        decimals: 0,
      };
      return { kind: "withdraw", token, to: operation.to, amount: operation.amount };
    }
    case "replaceKey": {
      if (!newHolder || !oldHolder) throw new Error("a key replacement names its old and its new holder");
      return {
        kind: "replaceKey",
        role: operation.role,
        from: holderView(oldHolder),
        to: holderView(newHolder),
      };
    }
    case "execute":
      return { kind: "execute", calls: operation.calls.length };
    case "migrate":
      return { kind: "migrate", successor: operation.successor };
    default:
      return { kind: "change", change: operation };
  }
}
