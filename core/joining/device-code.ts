import { encodeAbiParameters, keccak256, stringToHex } from "viem/utils";
import type { Address } from "../primitives/address.ts";
import { comparisonCode } from "../primitives/comparison-code.ts";
import type { KeyId } from "../primitives/hex.ts";

/** A device key that wants to act for an account. */
export interface Newcomer {
  readonly chainId: number;
  readonly account: Address;
  readonly key: KeyId;
}

/**
 * The comparison code of a device key of an account. It depends on nothing else, so that whoever is warned of a pending
 * key sees the code that stands on its own screen.
 */
export const deviceCode = ({ chainId, account, key }: Newcomer): string =>
  comparisonCode(
    keccak256(
      encodeAbiParameters(
        [{ type: "bytes32" }, { type: "uint256" }, { type: "address" }, { type: "bytes32" }],
        [stringToHex("Trivet device key", { size: 32 }), BigInt(chainId), account, key],
      ),
    ),
  );
