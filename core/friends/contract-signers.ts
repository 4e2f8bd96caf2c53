import { encodeFunctionData, size, slice } from "viem/utils";
import type { Address } from "../primitives/address.ts";
import type { Digest, Hex } from "../primitives/hex.ts";
import { callContract, type ChainRequest, codeAt } from "./contract-calls.ts";

/**
 * Signers that are contracts (ERC-1271). Whether one signed only its chain knows; core asks through a port, and the
 * question and how its answer is read are the account's own (contracts/src/account/Signatures.sol): what is taken here
 * is what the account would take at that moment.
 */

/** What comes of asking. `delegated`: a plain key whose address borrows code, which the account never asks. */
export type ContractAnswer = "yes" | "no" | "no-contract" | "delegated";

export interface ContractSigners {
  /** Of the chain on which they are asked: the account's. */
  readonly chainName: string;
  /**
   * Whether the contract at an address counts a signature of a digest as its own, now: it may answer otherwise later.
   * @throws what the way to the chain throws, when nobody could be asked
   */
  readonly ask: (signer: Address, digest: Digest, signature: Hex) => Promise<ContractAnswer>;
}

const IS_VALID_SIGNATURE = [
  {
    type: "function",
    name: "isValidSignature",
    stateMutability: "view",
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "signature", type: "bytes" },
    ],
    outputs: [{ name: "magic", type: "bytes4" }],
  },
] as const;
/** The only yes: ERC-1271's value in the first of at least 32 bytes, the rest of which are zero. */
const YES: Hex = `0x1626ba7e${"00".repeat(28)}`;

/** @param account who will ask in the end */
export const contractSigners = (
  account: Address,
  chainName: string,
  request: ChainRequest,
): ContractSigners => ({
  chainName,
  async ask(signer, digest, signature) {
    const code = await codeAt(request, signer);
    if (code !== "contract") return code === "none" ? "no-contract" : code;
    const data = encodeFunctionData({
      abi: IS_VALID_SIGNATURE,
      functionName: "isValidSignature",
      args: [digest, signature],
    });
    const answer = await callContract(request, { from: account, to: signer, data });
    return answer && size(answer) >= 32 && slice(answer, 0, 32) === YES ? "yes" : "no";
  },
});
