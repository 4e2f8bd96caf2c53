import { concat, isAddressEqual, size, slice } from "viem/utils";
import { type Address, toAddress } from "../primitives/address.ts";
import { NO_SALT } from "../primitives/hex.ts";
import type { Key } from "./key.ts";

/**
 * A script's key: the contract that vouches for what it may do by itself (ScriptVerifier.sol), and the script's address.
 * Not hidden: the verifier looks for its rights under this very id.
 */
export function keyOfScript(verifier: Address, address: Address): Key {
  return { signer: concat([verifier, address]), salt: NO_SALT };
}

/** The script's address, where a key is one that this contract vouches for. */
export function addressOfScript({ signer }: Key, verifier: Address | undefined): Address | undefined {
  if (verifier === undefined || size(signer) !== 40 || !isAddressEqual(slice(signer, 0, 20), verifier))
    return;
  return toAddress(slice(signer, 20));
}
