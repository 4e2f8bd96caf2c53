import { decodeFunctionResult, encodeFunctionData, size } from "viem/utils";
import { z } from "zod";
import { type Address, zAddress } from "../primitives/address.ts";
import type { Hex } from "../primitives/hex.ts";
import { callContract, type ChainRequest, codeAt } from "./contract-calls.ts";

/** More owners nobody lists. */
const MOST_OWNERS = 50;

/** Who stands behind a contract wallet that answers as a Safe does: any `threshold` of its owners. */
const zOwnership = z
  .object({
    owners: z.array(zAddress).min(1).max(MOST_OWNERS),
    threshold: z.bigint().min(1n).max(BigInt(MOST_OWNERS)).transform(Number),
  })
  .refine(({ owners, threshold }) => threshold <= owners.length)
  .refine(({ owners }) => new Set(owners).size === owners.length);
export type SafeOwnership = z.output<typeof zOwnership>;

/** A signer that is a contract. */
export interface ContractWallet {
  /** What it says of its owners, where it answers as a Safe does. Nobody vouches for that, and it can change. */
  readonly safe?: SafeOwnership;
}

const SAFE = [
  {
    type: "function",
    name: "getOwners",
    stateMutability: "view",
    inputs: [],
    outputs: [{ name: "owners", type: "address[]" }],
  },
  {
    type: "function",
    name: "getThreshold",
    stateMutability: "view",
    inputs: [],
    outputs: [{ name: "threshold", type: "uint256" }],
  },
] as const;

function decoded(functionName: "getOwners" | "getThreshold", data: Hex | undefined): unknown {
  // Two words and the owners: whatever is longer is not decoded at all.
  if (data === undefined || size(data) > 32 * (MOST_OWNERS + 2)) return undefined;
  try {
    return decodeFunctionResult({ abi: SAFE, functionName, data });
  } catch {
    // Something else than a Safe answered something else.
    return undefined;
  }
}

/**
 * What is known of a signer that may be a contract.
 * @returns undefined for a plain key
 * @throws what the way to the chain throws, when nobody could be asked
 */
export async function readContractWallet(
  request: ChainRequest,
  signer: Address,
): Promise<ContractWallet | undefined> {
  if ((await codeAt(request, signer)) !== "contract") return undefined;
  const [owners, threshold] = await Promise.all(
    (["getOwners", "getThreshold"] as const).map(async (functionName) => {
      const data = encodeFunctionData({ abi: SAFE, functionName });
      return decoded(functionName, await callContract(request, { from: signer, to: signer, data }));
    }),
  );
  const { data: safe } = zOwnership.safeParse({ owners, threshold });
  return safe ? { safe } : {};
}
