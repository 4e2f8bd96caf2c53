import { keccak256, stringToBytes } from "viem/utils";
import type { Hex } from "../primitives/hex.ts";

/** The hash by which the device key binds a session JWT to a request: keccak256 of its ASCII bytes. */
export function jwtHash(jwt: string): Hex {
  return keccak256(stringToBytes(jwt));
}
