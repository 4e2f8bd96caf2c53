import { concat, encodeAbiParameters, getCreate2Address, keccak256 } from "viem/utils";
import type { Address } from "../primitives/address.ts";
import { toAddress } from "../primitives/address.ts";
import type { Hex, KeyId } from "../primitives/hex.ts";

/** The three first keys of an account, as key ids, and a salt for a second account with the same keys. */
export interface FirstKeys {
  readonly device: KeyId;
  readonly mfa: KeyId;
  readonly recovery: KeyId;
  readonly salt: Hex;
}

/**
 * The address an account has, or will have once deployed: CREATE2 over an ERC-1167 clone of the implementation,
 * with a salt that commits to the first keys. Nobody else can take it, so it can receive before it exists.
 */
export function accountAddress(factory: Address, implementation: Address, keys: FirstKeys): Address {
  const salt = keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }],
      [keys.device, keys.mfa, keys.recovery, keys.salt],
    ),
  );
  const initCode = concat([
    "0x3d602d80600a3d3981f3363d3d373d3d3d363d73",
    implementation,
    "0x5af43d82803e903d91602b57fd5bf3",
  ]);
  return toAddress(getCreate2Address({ from: factory, salt, bytecode: initCode }));
}

/** The bytes of an ERC-1167 clone around the address of what it runs. */
const CLONE = /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3$/;

/** What a contract is a clone of, by its code; undefined when it is none. */
export function cloneOf(code: Hex): Address | undefined {
  const [, implementation] = CLONE.exec(code.toLowerCase()) ?? [];
  return implementation === undefined ? undefined : toAddress(`0x${implementation}`);
}
