import type { Address } from "../primitives/address.ts";
import { type Hex, NO_SALT } from "../primitives/hex.ts";
import { addressOfKey, zKey } from "./key.ts";

/** The bytes of an ERC-7913 signer: an address, or a verifier's and a public key. */
export const zSigner = zKey.shape.signer;

/** The address that a signer is, where it is no more than that. */
export const addressOfSigner = (signer: Hex): Address | undefined => addressOfKey({ signer, salt: NO_SALT });
