import { toFunctionSelector } from "viem/utils";
import type { Address } from "./address.ts";
import { type Hex, isBytes, zHex } from "./hex.ts";

/**
 * The functions by which the token standards (ERC-20, 721, 777, 1155, 1363) hand tokens out, or the right to take them;
 * a script's verifier refuses the same ones (ScriptVerifier.sol).
 */
export const HAND_OUT_TOKENS = [
  "transfer(address,uint256)",
  "transferFrom(address,address,uint256)",
  "approve(address,uint256)",
  "increaseAllowance(address,uint256)",
  "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
  "setApprovalForAll(address,bool)",
  "safeTransferFrom(address,address,uint256)",
  "safeTransferFrom(address,address,uint256,bytes)",
  "safeTransferFrom(address,address,uint256,uint256,bytes)",
  "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
  "send(address,uint256,bytes)",
  "authorizeOperator(address)",
  "transferAndCall(address,uint256)",
  "transferAndCall(address,uint256,bytes)",
  "transferFromAndCall(address,address,uint256)",
  "transferFromAndCall(address,address,uint256,bytes)",
  "approveAndCall(address,uint256)",
  "approveAndCall(address,uint256,bytes)",
] as const;

const NAMES: ReadonlyMap<string, string> = new Map(
  HAND_OUT_TOKENS.map((signature) => [toFunctionSelector(signature), signature]),
);

/** One function of one contract: what stands in a key's scope. */
export interface CallTarget {
  readonly target: Address;
  /** The first four bytes of the call. */
  readonly selector: Hex;
}

/**
 * Whether a function hands tokens, or the right to take them, to somebody: in a key's scope it would let the key take
 * everything of a token, whatever its limits are.
 */
export const handsOutTokens = (selector: Hex): boolean => NAMES.has(selector.toLowerCase());

/** The name of a function where it is a usual one; its selector otherwise. */
export const selectorText = (selector: Hex): string => NAMES.get(selector.toLowerCase()) ?? selector;

/**
 * A selector as a person writes it: "buy(uint256)" or 0x and eight digits.
 * @returns undefined when it is neither
 */
export function parseSelector(text: string): Hex | undefined {
  const plain = text.replaceAll(/\s/g, "").replace(/^function(?=[A-Za-z_$])/, "");
  const { data } = zHex.safeParse(plain);
  if (data !== undefined) return isBytes(data, 4) ? data : undefined;
  if (!/^[A-Za-z_$][\w$]*\([A-Za-z0-9_$,[\]()]*\)$/.test(plain)) return undefined;
  try {
    return toFunctionSelector(plain);
  } catch {
    // Brackets or types that do not fit together.
    return undefined;
  }
}
